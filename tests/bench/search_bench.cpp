// Searches in a large journal, and what its size costs whoever hands messages over: bodies dropped,
// the index filled behind the journal as in a running host.
#include <algorithm>
#include <filesystem>

#include "journal_maker.h"
#include "load.h"
#include "search/search.h"
#include "search/search_follower.h"

namespace certbridge::bench {
namespace {

using host::SearchTerm;
using Kind = SearchTerm::Kind;

constexpr double kLimit = 0.1;  // seconds within which 99 of 100 searches are answered

struct Size {
  std::uint64_t messages = 200'000;
  int searches = 300;  // of each kind
  double seconds = 2;  // of accepts
};

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

// Numbers without a pattern, the same in every run.
class Picks {
 public:
  explicit Picks(std::uint64_t most) : most_(most) {}
  std::uint64_t next() {
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return 1 + state_ % most_;
  }
  std::uint64_t certificate() { return std::max<std::uint64_t>(2, next() / 2 * 2); }

 private:
  std::uint64_t most_;
  std::uint64_t state_ = 88172645463325252ULL;
};

struct Asked {
  const char* name;
  bool finds;  // at least one message
  std::function<host::SearchQuestion(Picks&)> question;
};

host::SearchQuestion by(Kind kind, const std::string& value) {
  host::SearchQuestion question;
  question.terms = {{kind, value}};
  return question;
}
host::SearchQuestion within(host::SearchQuestion question, Picks& picks,
                            std::chrono::milliseconds length) {
  const auto back = std::chrono::minutes(1 + picks.next() % (kDays * 24 * 60 - 60 * 24));
  question.filter.until = host::SystemClock().now() - back;
  question.filter.from = *question.filter.until - length;
  return question;
}
host::SearchQuestion in_state(host::SearchQuestion question, host::MessageState state) {
  question.filter.state = state;
  return question;
}

std::vector<Asked> kinds_of_searches() {
  using std::chrono::hours;
  return {
      {"certificate number", true,
       [](Picks& picks) {
         return by(Kind::kCertificateNumber, certificate_number_of(picks.certificate()));
       }},
      {"case", true, [](Picks& picks) { return by(Kind::kCase, case_of(picks.next())); }},
      {"holder", true,
       [](Picks& picks) { return by(Kind::kHolderId, holder_of(picks.certificate())); }},
      {"name of a holder", true,
       [](Picks& picks) { return by(Kind::kHolderName, holder_name_of(picks.certificate())); }},
      {"holder that nobody is", false,
       [](Picks& picks) { return by(Kind::kHolderId, "nobody-" + std::to_string(picks.next())); }},
      {"holder of one certificate in twenty", true,
       [](Picks&) { return by(Kind::kHolderId, kManyHolder); }},
      {"the same, parked", true,
       [](Picks&) {
         return in_state(by(Kind::kHolderId, kManyHolder), host::MessageState::kParked);
       }},
      {"the same, on a day", false,
       [](Picks& picks) { return within(by(Kind::kHolderId, kManyHolder), picks, hours(24)); }},
      {"state parked", true, [](Picks&) { return in_state({}, host::MessageState::kParked); }},
      {"state parked, on a day", false,
       [](Picks& picks) {
         return in_state(within({}, picks, hours(24)), host::MessageState::kParked);
       }},
      {"state done, within an hour", false,
       [](Picks& picks) {
         return in_state(within({}, picks, hours(1)), host::MessageState::kDone);
       }},
      {"within a day", false, [](Picks& picks) { return within({}, picks, hours(24)); }},
      {"case, certificate number, state and a year", true,
       [](Picks& picks) {
         const std::uint64_t number = picks.certificate();
         auto question = by(Kind::kCase, case_of(number));
         question.terms.push_back({Kind::kCertificateNumber, certificate_number_of(number)});
         question.filter.from = host::SystemClock().now() - hours(24 * 365);
         return question;
       }},
  };
}

void measure(const std::string& folder, host::Store& store, const Size& size, Table& table) {
  for (const Asked& asked : kinds_of_searches()) {
    Picks picks(size.messages);
    std::vector<double> times;
    const double cpu = thread_seconds();
    for (int i = 0; i < size.searches; ++i) {
      const host::SearchQuestion question = asked.question(picks);
      const double began = steady_seconds();
      const auto found = host::search_messages(folder, store.search_source(), question);
      times.push_back(steady_seconds() - began);
      if (!found) give_up(found.error().message);
      if (asked.finds && found.value().found.empty()) {
        give_up(std::string("nothing was found by ") + asked.name);
      }
    }
    const double own = (thread_seconds() - cpu) / size.searches;
    std::sort(times.begin(), times.end());
    const double half = times[times.size() / 2];
    const double most = times[times.size() * 99 / 100];
    const std::string name = asked.name;
    table.add(name + ": 99 of 100 within / 100 ms", "ratio", most / kLimit);
    table.add(name + ": half within", "ms", half * 1e3);
    table.add(name + ": 99 of 100 within", "ms", most * 1e3);
    table.add(name + ": CPU of one", "ms", own * 1e3);
  }
}

// Durable accepts with the index being filled behind them.
double accepts(const std::string& folder, host::Store& store, const Size& size,
               std::uint64_t first) {
  Front front(store);
  const host::SearchFollower follower({folder}, store.search_source(), front.clock(),
                                      front.logger(), std::chrono::seconds(1));
  const LoadResult result = run_load({16, 2000, size.seconds, 0}, [&](std::uint64_t number) {
    front.accept(event_message(first + number, 2000));
  });
  return result.rate();
}

double accepts_beside_none(const Options& options, const Size& size) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  const double rate = accepts(folder.path(), *store, size, 0);
  store->close();
  return rate;
}

void fill(const std::string& folder, host::Store& store, const Size& size, Table& table) {
  const host::SystemClock clock;
  host::SearchFiller filler({folder}, store.search_source(), clock);
  if (auto opened = filler.open(); !opened) give_up(opened.error().message);
  const double began = steady_seconds();
  const auto filled = filler.fill({});
  if (!filled) give_up(filled.error().message);
  const auto count = static_cast<double>(size.messages);
  table.add("index made from nothing", "messages per second", count / (steady_seconds() - began));
  table.add("journal without bodies, for a message", "bytes",
            static_cast<double>(bytes_in(folder) - bytes_in(folder + "/search")) / count);
  table.add("index, for a message", "bytes",
            static_cast<double>(bytes_in(folder + "/search")) / count);
}

void run(const Options& options) {
  Size size;
  if (options.short_run) size = {20'000, 100, 0.2};
  if (options.messages > 0) size.messages = options.messages;
  Table table("search",
              "searches among " + std::to_string(size.messages) + " messages, bodies dropped");
  const ScratchFolder scratch(options.folder);
  const std::string folder = options.journal.empty() ? scratch.path() : options.journal;
  const host::SystemClock clock;
  if (!std::filesystem::exists(folder + "/journal.db")) {
    open_journal(folder, clock)->close();
    make_messages(folder, size.messages);
  }
  const double opening = steady_seconds();
  const auto store = open_journal(folder, clock);
  table.add("journal opened", "ms", (steady_seconds() - opening) * 1e3);
  fill(folder, *store, size, table);
  measure(folder, *store, size, table);
  // A journal that is kept has those of the run before.
  auto accepted = static_cast<std::uint64_t>(clock.now().time_since_epoch().count());
  for (int round = 0; round < options.rounds; ++round) {
    double beside = 0, none = 0;
    if (round % 2 == 0) none = accepts_beside_none(options, size);
    beside = accepts(folder, *store, size, accepted);
    accepted += 1'000'000'000;
    if (round % 2 != 0) none = accepts_beside_none(options, size);
    table.add("accepts, beside them / beside none", "ratio", beside / none);
    table.add("accepts beside them", "per second", beside);
  }
  store->close();
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
