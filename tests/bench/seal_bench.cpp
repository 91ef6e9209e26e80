// Compose, seal and gate of a certificate of one page: CPU without the SM2 operations beside
// deflating the same file, and certificates a second beside OpenSSL's raw SM2 signatures.
#include "certificate_line.h"
#include "sm2_watch.h"

namespace certbridge::bench {
namespace {

// Seconds of this thread, in all and outside of SM2.
struct Cost {
  double all = 0;
  double without_sm2 = 0;
  int sm2_operations = 0;

  void add(double seconds, const Sm2Watch& watch) {
    all += seconds;
    without_sm2 += seconds - watch.cpu_seconds;
    sm2_operations += watch.signs + watch.verifies;
  }
};

template <class Step>
Message timed(Cost& cost, const Step& step) {
  take_sm2_watch();
  const double began = thread_seconds();
  Message made = step();
  const double took = thread_seconds() - began;
  cost.add(took, take_sm2_watch());
  return made;
}

struct Costs {
  Cost compose{};
  Cost seal{};
  Cost gate{};
  double file_bytes = 0;
  double deflate = 0;  // seconds, the same files
  int certificates = 0;
};

Costs run_line(const CertificateLine& line, int first, int count) {
  Costs costs;
  costs.certificates = count;
  for (int i = 0; i < count; ++i) {
    const Message certificate = line.certificate(first + i);
    const Message composed = timed(costs.compose, [&] { return line.composed(certificate); });
    const Message sealed = timed(costs.seal, [&] { return line.sealed(composed); });
    const Message passed = timed(costs.gate, [&] { return line.passed(sealed); });
    const std::string file = file_of(passed);
    costs.file_bytes += static_cast<double>(file.size());
    costs.deflate += deflate_seconds(file, 1);
  }
  return costs;
}

void add_rows(Table& table, const Costs& costs, double raw_rate) {
  const Cost& compose = costs.compose;
  const Cost& seal = costs.seal;
  const Cost& gate = costs.gate;
  const int count = costs.certificates;
  table.add("compose: CPU / deflating the same file", "ratio", compose.all / costs.deflate);
  table.add("seal: CPU without SM2 / deflating the same file", "ratio",
            seal.without_sm2 / costs.deflate);
  table.add("gate: CPU without SM2 / deflating the same file", "ratio",
            gate.without_sm2 / costs.deflate);
  table.add("compose, seal and gate: CPU without SM2 / deflating the same file", "ratio",
            (compose.without_sm2 + seal.without_sm2 + gate.without_sm2) / costs.deflate);
  table.add("compose and seal: certificates / raw SM2 signatures of one core", "ratio",
            count / (compose.all + seal.all) / raw_rate);
  table.add("compose, seal and gate: certificates / raw SM2 signatures of one core", "ratio",
            count / (compose.all + seal.all + gate.all) / raw_rate);
  table.add("SM2 operations in sealing a certificate", "operations",
            static_cast<double>(seal.sm2_operations) / count);
  table.add("SM2 operations in the gate for a certificate", "operations",
            static_cast<double>(gate.sm2_operations) / count);
  table.add("size of the sealed file", "kB", costs.file_bytes / count / 1000);
}

void run(const Options& options) {
  Table table("seal", "compose, seal and gate of a certificate of one page, one thread");
  const ScratchFolder folder(options.folder);
  const CertificateLine line(folder.path());
  const int count = options.short_run ? 5 : 200;
  int number = 1;
  const Costs first = run_line(line, number++, 1);
  table.add("SM2 operations of the first certificate of a seal, sealer and gate", "operations",
            first.seal.sm2_operations + first.gate.sm2_operations);
  for (int round = 0; round < options.rounds; ++round) {
    const double before = raw_sm2_rate(count);
    const Costs costs = run_line(line, number, count);
    number += count;
    add_rows(table, costs, (before + raw_sm2_rate(count)) / 2);
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
