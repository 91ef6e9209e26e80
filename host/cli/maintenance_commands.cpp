// certbridge journal verify, stats, backup, restore.
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/journal_settings.h"
#include "journal/maintenance.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

std::string size_text(std::uint64_t bytes) {
  return std::to_string(bytes / (1024UL * 1024)) + "." +
         std::to_string(bytes / (1024UL * 1024 / 10) % 10) + " MB";
}

void add_states(const JournalStatistics& statistics, std::vector<std::vector<std::string>>& rows) {
  for (int state = 1; state <= static_cast<int>(MessageState::kDiscarded); ++state) {
    const std::uint64_t count = statistics.figures.messages_by_state[state];
    if (count == 0) continue;
    rows.push_back(
        {"messages " + to_text(static_cast<MessageState>(state)), std::to_string(count)});
  }
  for (const auto& [endpoint, counts] : statistics.figures.deliveries_by_endpoint_and_state) {
    for (std::size_t state = 1; state < counts.size(); ++state) {
      if (counts[state] == 0) continue;
      rows.push_back(
          {"deliveries to " + endpoint + " " + to_text(static_cast<DeliveryState>(state)),
           std::to_string(counts[state])});
    }
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

int journal_verify_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const SystemClock clock;
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, clock, settings)) return *code;
  const auto found = verify_journal(settings);
  if (!found) return journal_failed(found.error(), problems);
  const Verification& verified = found.value();
  for (const Damage& damage : verified.damages) {
    problems.line(damage.place + ": " + damage.what, Tone::kBad);
  }
  const std::uint64_t damages = verified.damages.size() + verified.more_damages;
  out.line("read " + std::to_string(verified.messages) + " messages, " +
               std::to_string(verified.deliveries) + " deliveries, " +
               std::to_string(verified.values) + " sealed values and " +
               std::to_string(verified.content_files) + " content files (" +
               size_text(verified.content_bytes) + "): " +
               (damages == 0 ? "all as they were written"
                             : std::to_string(damages) + " damaged; nothing was removed"),
           damages == 0 ? Tone::kGood : Tone::kBad);
  return damages == 0 ? kExitOk : kExitFindings;
}

int journal_stats_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const SystemClock clock;
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, clock, settings)) return *code;
  const auto found = journal_statistics(settings);
  if (!found) return journal_failed(found.error(), problems);
  const JournalStatistics& statistics = found.value();
  std::vector<std::vector<std::string>> rows{{"what", "how much"}};
  add_states(statistics, rows);
  rows.push_back({"bodies dropped after retention", std::to_string(statistics.bodies_dropped)});
  rows.push_back({"verdicts that match no receipt", std::to_string(statistics.unmatched_verdicts)});
  rows.push_back({"rows of the ledger", std::to_string(statistics.ledger_rows)});
  rows.push_back({"rows of the trace", std::to_string(statistics.trace_rows)});
  rows.push_back({"database", size_text(statistics.database_bytes)});
  rows.push_back({"its write-ahead log", size_text(statistics.wal_bytes)});
  rows.push_back({"content files", std::to_string(statistics.content_files) + ", " +
                                       size_text(statistics.content_bytes)});
  rows.push_back({"data keys of the months", joined(statistics.key_months)});
  if (statistics.oldest_unfinished) {
    rows.push_back({"oldest message under way", statistics.oldest_unfinished_id + ", accepted " +
                                                    to_iso8601(*statistics.oldest_unfinished)});
  }
  out.table(rows);
  return kExitOk;
}

int journal_backup_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const SystemClock clock;
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, clock, settings)) return *code;
  const auto made = backup_journal(settings, arguments.folder);
  if (!made) return journal_failed(made.error(), problems);
  out.line(std::to_string(made.value().messages) + " messages and " +
               std::to_string(made.value().content_files) + " content files, " +
               size_text(made.value().bytes) + ", are in " + made.value().folder,
           Tone::kGood);
  out.line("It is of use only with the master key " + settings.master_key_id +
           ": keep that elsewhere.");
  return kExitOk;
}

int journal_restore_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const SystemClock clock;
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, clock, settings)) return *code;
  const auto restored = restore_journal(arguments.folder, settings, arguments.jump);
  if (!restored) return journal_failed(restored.error(), problems);
  const RestoreReport& report = restored.value();
  const std::string made = to_iso8601(report.backup.made);
  out.line("restored as of " + made + ": " + std::to_string(report.backup.messages) + " messages",
           Tone::kGood);
  out.line(
      std::to_string(report.in_doubt) +
      " deliveries may have been sent since; each counterpart is asked before anything is sent");
  out.line("What was accepted after " + made + " is not here: have the registration system offer " +
           "its events again since then, which in its tables (+08:00) is " +
           to_wall_clock(report.backup.made) + ".");
  return kExitOk;
}

}  // namespace certbridge::host
