// Memory of journal and engine while messages wait for a counterpart that does not answer.
#include "route.h"

namespace certbridge::bench {
namespace {

constexpr std::size_t kBytes = 4000;
constexpr double kTarget = 64e6;       // bytes
constexpr std::uint64_t kSending = 4;  // the endpoint's threads

void run_once(const Options& options, std::uint64_t count, Table& table) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  PassingProcessor step;
  SilentSink sink;
  RouteEndpoints endpoints({{"step", &step, false, false}}, sink);
  Route route(front, *store, endpoints);
  const double empty = static_cast<double>(proportional_set_size());
  double half_full = 0;
  for (const std::uint64_t waiting : {count / 2, count}) {
    const std::uint64_t before = waiting == count ? count / 2 : 0;
    run_load({16, kBytes, 0, waiting - before},
             [&](std::uint64_t number) { front.accept(event_message(before + number, kBytes)); });
    // All but what the endpoint's four threads hold.
    route.wait_until(host::DeliveryState::kReady, waiting - kSending);
    const double full = static_cast<double>(proportional_set_size());
    const std::string name = std::to_string(waiting) + " waiting: ";
    table.add(name + "memory / memory with none waiting", "ratio", full / empty);
    table.add(name + "memory / 64 MB", "ratio", full / kTarget);
    table.add(name + "memory", "MB", full / 1e6);
    if (waiting == count) {
      table.add("memory for each message of the second half", "bytes",
                (full - half_full) / static_cast<double>(count - before));
    }
    half_full = full;
  }
  table.add("none waiting: memory", "MB", empty / 1e6);
  route.stop();
  store->close();
}

void run(const Options& options) {
  Table table("waiting", "memory (PSS) of journal and engine, 4 kB messages");
  const int rounds = options.short_run ? 1 : options.rounds;
  for (int round = 0; round < rounds; ++round) {
    run_once(options, options.short_run ? 1000 : 100'000, table);
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
