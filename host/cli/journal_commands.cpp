#include <algorithm>
#include <set>

#include "cli/case_screen.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/journal_settings.h"
#include "cli/open_journal.h"
#include "cli/unmasking.h"
#include "observe/clock.h"
#include "operate/parts.h"
#include "operate/shown_headers.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostMessagesOfCase = 200;

void show_headers(const StoredMessage& stored, Screen& out) {
  for (const auto& [name, value] : stored.message.headers) {
    out.line("  " + name + ": " + (may_be_shown(name) ? value : "(hidden)"));
  }
  for (const Attachment& attachment : stored.message.attachments) {
    out.line("  attachment " + attachment.name + ": " + std::to_string(attachment.size) +
             " bytes, SM3 " + to_hex(attachment.digest));
  }
}

void show_steps(const std::vector<TraceEntry>& trace, Screen& out) {
  if (trace.empty()) return;
  std::vector<std::vector<std::string>> rows{{"  when", "step", "outcome", "ms", ""}};
  for (const TraceEntry& entry : trace) {
    rows.push_back({"  " + to_iso8601(entry.when), entry.step, entry.outcome,
                    std::to_string(entry.took.count() / 1000), entry.text});
  }
  out.table(rows);
}

void show_deliveries(const std::vector<StoredDelivery>& deliveries, Screen& out) {
  if (deliveries.empty()) return;
  std::vector<std::vector<std::string>> rows{
      {"  delivery", "endpoint", "state", "attempts", "lane", "receipt", "error", "waits"}};
  for (const StoredDelivery& delivery : deliveries) {
    rows.push_back({"  " + delivery.name, delivery.endpoint, to_text(delivery.state),
                    std::to_string(delivery.attempts), to_text(delivery.lane), receipt_of(delivery),
                    error_of(delivery.error_code, delivery.error_message), waits_of(delivery)});
  }
  out.table(rows);
}

void show_message(const CaseMessage& message, Screen& out) {
  const StoredMessage& stored = message.stored;
  out.line(stored.message.id + "  " + stored.message.type + "  " + to_text(stored.state),
           Tone::kTitle);
  out.line("  from " + stored.source + ", route " +
           (stored.route.empty() ? "(none yet)" : stored.route) + ", lane " + to_text(stored.lane) +
           ", accepted " + to_iso8601(stored.message.created) + ", changed " +
           to_iso8601(stored.changed));
  if (!stored.error_code.empty())
    out.line("  " + error_of(stored.error_code, stored.error_message), Tone::kBad);
  show_headers(stored, out);
  show_steps(message.trace, out);
  show_deliveries(message.deliveries, out);
}

// The message and what was made of it, parents first, each once.
void collect(Store& store, const StoredMessage& stored, std::set<std::string>& seen,
             std::vector<CaseMessage>& into) {
  if (!seen.insert(stored.message.id).second) return;
  CaseMessage& message = into.emplace_back();
  message.stored = stored;
  if (auto trace = store.trace(stored.message.id)) message.trace = std::move(trace).value();
  if (auto deliveries = store.deliveries(stored.message.id)) {
    message.deliveries = std::move(deliveries).value();
  }
  const auto children = store.children(stored.message.id);
  if (!children) return;
  for (const StoredMessage& child : children.value()) collect(store, child, seen, into);
}

}  // namespace

int messages_list_command(const Arguments& arguments, Screen& out, Screen& problems) {
  MessageQuery query;
  query.state = state_named(arguments.state);
  if (!arguments.state.empty() && !query.state) {
    problems.line(no_such_state(arguments.state).message, Tone::kBad);
    return kExitUsage;
  }
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return *code;
  query.type = arguments.type;
  query.area = arguments.area;
  if (arguments.overdue) query.verdict_overdue_at = journal.clock.now();
  query.limit = std::clamp<std::size_t>(arguments.limit, 1, 10'000);
  const auto messages = journal.store->messages(query);
  if (!messages) return journal_failed(messages.error(), problems);
  std::vector<std::vector<std::string>> rows{
      {"id", "type", "state", "area", "case", "accepted", "error"}};
  for (const StoredMessage& stored : messages.value()) {
    rows.push_back({stored.message.id, stored.message.type, to_text(stored.state),
                    stored.message.area, header_of(stored.message, "case-no"),
                    to_iso8601(stored.message.created), stored.error_code});
  }
  out.table(rows);
  return kExitOk;
}

int messages_show_command(const Arguments& arguments, Screen& out, Screen& problems) {
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return *code;
  const auto stored = journal.store->message(arguments.number);
  if (!stored) return journal_failed(stored.error(), problems);
  std::set<std::string> seen;
  std::vector<CaseMessage> family;
  collect(*journal.store, stored.value(), seen, family);
  if (arguments.unmask) {
    if (const auto code = admit_messages(arguments, family, out, problems)) return *code;
  }
  for (const CaseMessage& message : family) {
    show_message(message, out);
    if (arguments.unmask) show_unmasked(message.stored, out);
  }
  return kExitOk;
}

int case_command(const Arguments& arguments, Screen& out, Screen& problems) {
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return *code;
  const auto messages =
      journal.store->messages_with_key({"case", arguments.number}, kMostMessagesOfCase);
  if (!messages) return journal_failed(messages.error(), problems);
  if (messages.value().empty()) {
    problems.line("the journal has no message of the case " + arguments.number, Tone::kBad);
    return kExitNotFound;
  }
  std::set<std::string> seen;
  std::vector<CaseMessage> found;
  for (const StoredMessage& stored : messages.value()) {
    collect(*journal.store, stored, seen, found);
  }
  show_case(arguments.number, found, out);
  return kExitOk;
}

}  // namespace certbridge::host
