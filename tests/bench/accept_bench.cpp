// Durable accepts: the journal beside a bare SQLite program that writes the same rows in the same
// groups, and beside the same front with a store that keeps nothing.
#include "bare_sqlite.h"
#include "instant_store.h"
#include "load.h"

namespace certbridge::bench {
namespace {

struct Contest {
  LoadResult journal{};
  LoadResult bare{};
  LoadResult instant{};
  double journal_group = 0;  // messages in one commit
  double bare_group = 0;
};

void run_journal(const Options& options, const Load& load, Contest& contest) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  contest.journal = run_load(
      load, [&](std::uint64_t number) { front.accept(event_message(number, load.bytes)); });
  const auto figures = store->figures();
  contest.journal_group = contest.journal.accepted / static_cast<double>(figures.value().commits);
  store->close();
}

void run_bare(const Options& options, const Load& load, Contest& contest) {
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  {
    const auto store = open_journal(folder.path(), clock);
    Front(*store).accept(event_message(0, load.bytes));
    store->close();
  }
  BareSqlite bare(folder.path() + "/journal.db");
  contest.bare = run_load(
      load, [&](std::uint64_t number) { bare.write(number, body_bytes(number, load.bytes)); });
  contest.bare_group = contest.bare.accepted / static_cast<double>(bare.commits());
}

void run_instant(const Load& load, Contest& contest) {
  InstantStore store;
  Front front(store);
  contest.instant = run_load(
      load, [&](std::uint64_t number) { front.accept(event_message(number, load.bytes)); });
}

void add_rows(Table& table, const Load& load, const Contest& contest) {
  const std::string name = std::to_string(load.sources) +
                           (load.sources == 1 ? " source, " : " sources, ") +
                           std::to_string(load.bytes / 1000) + " kB: ";
  table.add(name + "journal / bare SQLite", "ratio", contest.journal.rate() / contest.bare.rate());
  table.add(name + "journal / front without storing", "ratio",
            contest.journal.rate() / contest.instant.rate());
  table.add(name + "CPU per message, journal / bare SQLite", "ratio",
            contest.journal.cpu_per_message() / contest.bare.cpu_per_message());
  table.add(name + "messages in a commit, journal", "messages", contest.journal_group);
  table.add(name + "messages in a commit, bare SQLite", "messages", contest.bare_group);
  table.add(name + "accepts, journal", "per second", contest.journal.rate());
}

void run(const Options& options) {
  Table table("accept", "durable accepts" + options.suffix());
  const double seconds = options.short_run ? 0.1 : 1;
  for (int round = 0; round < options.rounds; ++round) {
    for (const std::size_t bytes : {std::size_t{4000}, std::size_t{100'000}}) {
      for (const int sources : {1, 16, 64}) {
        const Load load{sources, bytes, seconds, 0};
        Contest contest;
        if (round % 2 == 0) run_journal(options, load, contest);
        run_bare(options, load, contest);
        if (round % 2 != 0) run_journal(options, load, contest);
        run_instant(load, contest);
        add_rows(table, load, contest);
      }
    }
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
