// Access records: what it costs to append one durably, to find some among many, to verify them all.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "access/records/access_index.h"
#include "access/records/access_log.h"
#include "access/records/verify_log.h"
#include "measure.h"
#include "observe/clock.h"

namespace certbridge::bench {
namespace {

using host::AccessTerm;

constexpr double kLimit = 0.1;       // seconds within which 99 of 100 are found
constexpr std::size_t kBytes = 700;  // of a record, about

struct Size {
  std::uint64_t records = 100'000;
  int searches = 300;  // of each kind
  double seconds = 2;  // of appends
};

// A year is over once all records are made.
class YearClock final : public Clock {
 public:
  explicit YearClock(std::uint64_t records) : step_(31'536'000'000ULL / records) {}
  Timestamp now() const override {
    return Timestamp(std::chrono::milliseconds(1'764'000'000'000 + ticks_ * step_));
  }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
  void tick() { ++ticks_; }

 private:
  std::uint64_t step_;
  std::atomic<std::uint64_t> ticks_{0};
};

std::string named(const char* what, std::uint64_t number) { return what + std::to_string(number); }

host::AccessRecord record_of(std::uint64_t number) {
  host::AccessRecord record;
  record.trace_id = named("trace-", number);
  record.system = "registration";
  record.person = named("clerk-", number % 300);
  record.role = "clerk";
  record.level = "ukey";
  record.unit = "411300-hall";
  record.ground_kind = "case";
  record.ground = named("case-", number / 4);
  record.purpose = "registration";
  record.certificate_type = "1101";
  record.holder = named("holder-", number / 3);
  record.certificate_number = named("certificate-", number / 2);
  record.decision = host::AccessDecision::kAllowed;
  record.policy = "1";
  record.inputs = "open=yes;party=yes;type=yes";
  record.sources = {{"municipal", "found"}};
  record.disclosed = {"holder", "number", "location", "use"};
  record.disclosed_digest = std::string(32, 'd');
  record.result = "found";
  return record;
}

host::AccessLogSettings settings_of(const std::string& folder, const Clock& clock) {
  host::AccessLogSettings settings;
  settings.folder = folder;
  settings.node = "bench-1";
  settings.signing_key = std::string(32, '\x21');
  settings.master_key = std::string(32, 'm');
  settings.clock = &clock;
  return settings;
}

std::unique_ptr<host::AccessLog> open_log(const std::string& folder, const Clock& clock) {
  auto log = host::AccessLog::open(settings_of(folder, clock));
  if (!log) give_up(log.error().message);
  return std::move(log).value();
}

// Records a second by so many threads.
double append(host::AccessLog& log, int threads, const std::function<bool(std::uint64_t)>& more,
              const std::function<void()>& made) {
  std::atomic<std::uint64_t> next{0};
  const double began = steady_seconds();
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (std::uint64_t number = next++; more(number); number = next++) {
        const auto place = log.append(record_of(number));
        if (!place) give_up(place.error().message);
        made();
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return static_cast<double>(next - static_cast<std::uint64_t>(threads)) /
         (steady_seconds() - began);
}

// One thread that writes as many bytes to a file and syncs it each time.
double bare_syncs(const std::string& folder, double seconds) {
  const std::string path = folder + "/bare";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  const std::string bytes(kBytes, 'x');
  std::uint64_t count = 0;
  const double began = steady_seconds();
  for (; steady_seconds() - began < seconds; ++count) {
    const auto at = static_cast<off_t>(count * kBytes);
    if (::pwrite(file, bytes.data(), kBytes, at) < 0 || ::fdatasync(file) != 0) give_up(path);
  }
  ::close(file);
  return static_cast<double>(count) / (steady_seconds() - began);
}

void measure_appends(const Options& options, const Size& size, Table& table) {
  for (int round = 0; round < options.rounds; ++round) {
    const ScratchFolder folder(options.folder);
    const double bare = bare_syncs(folder.path(), size.seconds);
    const host::SystemClock clock;
    for (const int threads : {1, 16, 64}) {
      const auto log = open_log(folder.path() + "/" + std::to_string(threads), clock);
      const double until = steady_seconds() + size.seconds;
      const double rate = append(
          *log, threads, [until](std::uint64_t) { return steady_seconds() < until; }, [] {});
      const std::string name = std::to_string(threads) + " at once: ";
      table.add(name + "records / bare syncs", "ratio", rate / bare);
      table.add(name + "records", "per second", rate);
    }
  }
}

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

struct Asked {
  const char* name;
  std::function<host::AccessQuestion(std::uint64_t number, Timestamp when)> question;
};

host::AccessQuestion by(AccessTerm kind, const std::string& value) {
  host::AccessQuestion question;
  question.terms = {{kind, value}};
  return question;
}
host::AccessQuestion within(host::AccessQuestion question, Timestamp when,
                            std::chrono::hours length) {
  question.from = when;
  question.until = when + length;
  return question;
}

const std::vector<Asked>& kinds_of_searches() {
  using std::chrono::hours;
  static const std::vector<Asked> kKinds{
      {"certificate",
       [](std::uint64_t number, Timestamp) {
         return by(AccessTerm::kCertificate, named("certificate-", number / 2));
       }},
      {"holder", [](std::uint64_t number,
                    Timestamp) { return by(AccessTerm::kHolder, named("holder-", number / 3)); }},
      {"case", [](std::uint64_t number,
                  Timestamp) { return by(AccessTerm::kCase, named("case-", number / 4)); }},
      {"person", [](std::uint64_t number,
                    Timestamp) { return by(AccessTerm::kPerson, named("clerk-", number % 300)); }},
      {"person, on a day",
       [](std::uint64_t number, Timestamp when) {
         return within(by(AccessTerm::kPerson, named("clerk-", number % 300)), when, hours(24));
       }},
      {"within an hour", [](std::uint64_t, Timestamp when) { return within({}, when, hours(1)); }},
      {"holder that nobody is",
       [](std::uint64_t number, Timestamp) {
         return by(AccessTerm::kHolder, named("nobody-", number));
       }},
  };
  return kKinds;
}

void measure_searches(host::AccessIndex& index, const Size& size, const Clock& clock,
                      Table& table) {
  for (const Asked& asked : kinds_of_searches()) {
    std::uint64_t state = 88172645463325252ULL;
    std::vector<double> times;
    for (int i = 0; i < size.searches; ++i) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      const Timestamp when = clock.now() - std::chrono::hours(24 + state % 8000);
      const double began = steady_seconds();
      const auto found = index.find(asked.question(state % size.records, when));
      times.push_back(steady_seconds() - began);
      if (!found) give_up(found.error().message);
    }
    std::sort(times.begin(), times.end());
    const std::string name = asked.name;
    const double most = times[times.size() * 99 / 100];
    table.add(name + ": 99 of 100 within / 100 ms", "ratio", most / kLimit);
    table.add(name + ": half within", "ms", times[times.size() / 2] * 1e3);
    table.add(name + ": 99 of 100 within", "ms", most * 1e3);
  }
}

void measure_log(const std::string& folder, const Size& size, Table& table) {
  YearClock clock(size.records);
  const auto count = static_cast<double>(size.records);
  if (!std::filesystem::exists(folder)) {
    const auto log = open_log(folder, clock);
    append(
        *log, 128, [&](std::uint64_t number) { return number < size.records; },
        [&] { clock.tick(); });
  } else {
    for (std::uint64_t i = 0; i < size.records; ++i) clock.tick();
  }
  table.add("log, for a record", "bytes", static_cast<double>(bytes_in(folder)) / count);
  double began = steady_seconds();
  const auto settings = settings_of(folder, clock);
  const auto key = host::SignatureKey::from_bytes(settings.signing_key);
  const auto verified = host::verify_access_log(folder, {key.value().public_key()}, {});
  if (!verified || !verified.value().ok()) give_up("the log is not as it was written");
  table.add("verified", "records per second", count / (steady_seconds() - began));
  auto index = host::AccessIndex::open(folder, settings.node, settings.master_key, clock);
  began = steady_seconds();
  const auto filled = index.value()->fill({});
  if (!filled) give_up(filled.error().message);
  table.add("index made from nothing", "records per second", count / (steady_seconds() - began));
  table.add("index, for a record", "bytes",
            static_cast<double>(bytes_in(folder + "/index")) / count);
  measure_searches(*index.value(), size, clock, table);
}

void run(const Options& options) {
  Size size;
  if (options.short_run) size = {5'000, 50, 0.1};
  if (options.messages > 0) size.records = options.messages;
  Table table("access", "access records, and searches among " + std::to_string(size.records));
  const ScratchFolder scratch(options.folder);
  measure_appends(options, size, table);
  measure_log((options.journal.empty() ? scratch.path() : options.journal) + "/access", size,
              table);
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
