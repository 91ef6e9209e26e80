// Certificates end to end with the real plugins: composed, sealed and let through the gate between
// journal and sink. Beside them the plugins alone, and OpenSSL's raw SM2 signatures.
#include "certificate_line.h"
#include "route.h"
#include "sm2_watch.h"

namespace certbridge::bench {
namespace {

constexpr int kSources = 16;

// CPU seconds for each certificate of the three steps without journal and engine.
double steps_alone(const CertificateLine& line, int first, int count) {
  double seconds = 0;
  for (int i = 0; i < count; ++i) {
    const Message certificate = line.certificate(first + i);
    const double began = thread_seconds();
    line.passed(line.sealed(line.composed(certificate)));
    seconds += thread_seconds() - began;
  }
  return seconds / count;
}

LoadResult end_to_end(const Options& options, const CertificateLine& line, int first, int count) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  TakingSink sink;
  RouteEndpoints endpoints({{"compose", &line.composer(), false, false},
                            {"seal", &line.sealer(), true, false},
                            {"gate", &line.gate(), false, true}},
                           sink);
  Route route(front, *store, endpoints);
  const auto number = static_cast<std::uint64_t>(count);
  const double began = steady_seconds();
  const double cpu = process_seconds();
  run_load({kSources, 0, 0, number}, [&](std::uint64_t index) {
    front.accept(line.certificate(first + static_cast<int>(index)));
  });
  route.wait_until(host::DeliveryState::kDelivered, number);
  LoadResult result{
      static_cast<double>(count), steady_seconds() - began, process_seconds() - cpu, {}};
  route.stop();
  store->close();
  return result;
}

void run(const Options& options) {
  Table table("issue", "certificates composed, sealed and delivered, 16 sources, 2 step workers" +
                           options.suffix());
  const ScratchFolder folder(options.folder);
  const CertificateLine line(folder.path());
  const int count = options.short_run ? 20 : 500;
  int number = 1;
  for (int round = 0; round < options.rounds; ++round) {
    const double raw_rate = raw_sm2_rate(count);
    const double alone = steps_alone(line, number, count);
    const LoadResult whole = end_to_end(options, line, number + count, count);
    number += 2 * count;
    table.add("certificates end to end / raw SM2 signatures of one core", "ratio",
              whole.rate() / raw_rate);
    table.add("CPU, end to end / compose, seal and gate alone", "ratio",
              whole.cpu_per_message() / alone);
    table.add("certificates end to end", "per second", whole.rate());
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
