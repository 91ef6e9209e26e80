// Certificates end to end: from 16 sources through the journal, the engine's steps and a sink that
// answers at once, until every delivery is durable. The accepts alone run beside it.
#include "route.h"

namespace certbridge::bench {
namespace {

constexpr int kSources = 16;
constexpr std::size_t kBytes = 4000;

LoadResult accepts_only(const Options& options, std::uint64_t count) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  const LoadResult result = run_load({kSources, kBytes, 0, count}, [&](std::uint64_t number) {
    front.accept(event_message(number, kBytes));
  });
  store->close();
  return result;
}

struct EndToEnd {
  LoadResult load{};
  double commits = 0;
  double transitions = 0;
};

EndToEnd end_to_end(const Options& options, std::uint64_t count) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  PassingProcessor step;
  TakingSink sink;
  RouteEndpoints endpoints({{"step", &step, false, false}}, sink);
  Route route(front, *store, endpoints);
  const double began = steady_seconds();
  const double cpu = process_seconds();
  run_load({kSources, kBytes, 0, count},
           [&](std::uint64_t number) { front.accept(event_message(number, kBytes)); });
  route.wait_until(host::DeliveryState::kDelivered, count);
  EndToEnd result;
  result.load = {static_cast<double>(count), steady_seconds() - began, process_seconds() - cpu, {}};
  const auto figures = store->figures();
  result.commits = static_cast<double>(figures.value().commits);
  result.transitions = static_cast<double>(figures.value().transitions);
  route.stop();
  store->close();
  return result;
}

void run(const Options& options) {
  Table table("route",
              "certificates from 16 sources through one step to a sink" + options.suffix());
  const std::uint64_t count = options.short_run ? 100 : 5000;
  for (int round = 0; round < options.rounds; ++round) {
    const LoadResult accepts = accepts_only(options, count);
    const EndToEnd whole = end_to_end(options, count);
    table.add("end to end / accepts alone", "ratio", whole.load.rate() / accepts.rate());
    table.add("CPU, end to end / accepts alone", "ratio",
              whole.load.cpu_per_message() / accepts.cpu_per_message());
    table.add("changes of the journal for a certificate", "changes",
              whole.transitions / static_cast<double>(count));
    table.add("commits for a certificate", "commits", whole.commits / static_cast<double>(count));
    table.add("certificates end to end", "per second", whole.load.rate());
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
