#include "cli/access_screen.h"

#include <charconv>

#include "certbridge/text.h"
#include "cli/access_context.h"
#include "cli/exit_codes.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

std::string decision_word(const AccessRecord& record) {
  return record.decision == AccessDecision::kAllowed ? "allowed" : "denied";
}

std::string number_text(std::uint64_t number) { return number == 0 ? "" : std::to_string(number); }

std::string joined_sources(const std::vector<AskedSource>& sources) {
  std::string text;
  for (const AskedSource& one : sources) {
    text += (text.empty() ? "" : " ") + one.endpoint + "=" + one.outcome;
  }
  return text;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

// What stands in place of a personal value that is not shown.
std::string hidden(const RecordMember& member, const ReadAccess& access) {
  const bool gone = member.name == "person" ? access.who_is_gone : access.about_is_gone;
  if (gone) return "(its key was destroyed)";
  return member.value.empty() ? "" : "(hidden)";
}

bool time_of(const Arguments& arguments, const char* name, std::optional<Timestamp>& time,
             Screen& problems) {
  const auto given = arguments.values.find(name);
  if (given == arguments.values.end()) return true;
  time = parse_time(given->second);
  if (!time) {
    problems.line(std::string("--") + name + " takes `2026-11-27` or `2026-11-27T08:00:00Z`",
                  Tone::kBad);
  }
  return time.has_value();
}

}  // namespace

std::vector<RecordMember> members_of(const ReadAccess& access) {
  const AccessRecord& it = access.record;
  return {{"number", std::to_string(access.place.number)},
          {"segment", access.place.segment},
          {"offset", std::to_string(access.offset)},
          {"hash", to_hex(access.place.hash)},
          {"written", to_iso8601(access.written)},
          {"kind", to_text(it.kind)},
          {"trace", it.trace_id},
          {"system", it.system},
          {"person", it.person, true},
          {"role", it.role},
          {"level", it.level},
          {"unit", it.unit},
          {"ground", it.ground_kind},
          {"ground-number", it.ground, true},
          {"purpose", it.purpose},
          {"type", it.certificate_type},
          {"issuer", it.issuer},
          {"holder", it.holder, true},
          {"certificate-number", it.certificate_number, true},
          {"certificate", it.certificate, true},
          {"decision", decision_word(it)},
          {"code", it.code},
          {"policy", it.policy},
          {"inputs", it.inputs, true},
          {"sources", joined_sources(it.sources)},
          {"disclosed", joined_names(it.disclosed)},
          {"disclosed-digest", to_hex_text(it.disclosed_digest), true},
          {"result", it.result},
          {"refers-to", number_text(it.refers_to)},
          {"asked", to_iso8601(it.asked)},
          {"decided", to_iso8601(it.decided)}};
}

void show_records(const AccessAnswer& answer, Screen& out) {
  std::vector<std::vector<std::string>> rows{{"number", "written", "kind", "system", "role",
                                              "ground", "purpose", "type", "decision", "code",
                                              "result"}};
  for (const ReadAccess& access : answer.found) {
    const AccessRecord& record = access.record;
    rows.push_back({std::to_string(access.place.number), to_iso8601(access.written),
                    to_text(record.kind), record.system, record.role, record.ground_kind,
                    record.purpose, record.certificate_type, decision_word(record), record.code,
                    record.result});
  }
  out.table(rows);
  if (answer.next > 0) out.line("more: --before " + std::to_string(answer.next), Tone::kQuiet);
}

void show_members(const ReadAccess& access, bool unmasked, Screen& out) {
  for (const RecordMember& member : members_of(access)) {
    const bool shown = !member.personal || (unmasked && !member.value.empty());
    const std::string value = shown ? member.value : hidden(member, access);
    if (!value.empty()) out.line(member.name + ": " + value);
  }
}

bool read_period(const Arguments& arguments, std::optional<Timestamp>& from,
                 std::optional<Timestamp>& until, Screen& problems) {
  return time_of(arguments, "from", from, problems) && time_of(arguments, "until", until, problems);
}

std::optional<int> read_record(const AccessContext& context, const std::string& number,
                               ReadAccess& access, Screen& problems) {
  std::uint64_t wanted = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (problem != std::errc() || end != number.data() + number.size()) {
    problems.line("`" + number + "` is no number of a record", Tone::kBad);
    return kExitUsage;
  }
  const auto reader = AccessReader::open(context.settings.folder, context.settings.node,
                                         context.settings.master_key);
  if (!reader) return access_failed(reader.error(), problems);
  auto read = reader.value()->record(wanted);
  if (!read) return access_failed(read.error(), problems);
  access = std::move(read).value();
  return {};
}

}  // namespace certbridge::host
