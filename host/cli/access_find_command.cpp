// certbridge access find, destroy-keys: records by what they are about; what must not be read any
// more.
#include <pwd.h>
#include <unistd.h>

#include <iostream>

#include "access/records/access_index.h"
#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/personal_values.h"

namespace certbridge::host {
namespace {

const Operation& personal_options() {
  static const Operation kOptions = [] {
    Operation options;
    for (const char* name : {"person", "holder", "certificate", "case"}) {
      options.parameters.push_back({name, ParameterType::kText, false, false, name, true});
    }
    return options;
  }();
  return kOptions;
}

void add_term(const ParameterValues& values, const char* name, AccessTerm kind,
              AccessQuestion& question) {
  const auto given = values.find(name);
  if (given != values.end()) question.terms.emplace_back(kind, given->second);
}

// False, with the reason among the problems, when a time is none.
bool read_time(const ParameterValues& values, const char* name, std::optional<Timestamp>& time,
               Screen& problems) {
  const auto given = values.find(name);
  if (given == values.end()) return true;
  time = parse_time(given->second);
  if (!time) {
    problems.line(std::string("--") + name + " takes `2026-11-27` or `2026-11-27T08:00:00Z`",
                  Tone::kBad);
  }
  return time.has_value();
}

// What is personal is not shown: whoever wants to see it leaves a record of his own.
void show(const AccessAnswer& answer, Screen& out) {
  std::vector<std::vector<std::string>> rows{{"number", "written", "kind", "system", "role",
                                              "ground", "purpose", "type", "decision", "code",
                                              "result"}};
  for (const ReadAccess& access : answer.found) {
    const AccessRecord& record = access.record;
    rows.push_back({std::to_string(access.place.number), to_iso8601(access.written),
                    to_text(record.kind), record.system, record.role, record.ground_kind,
                    record.purpose, record.certificate_type,
                    record.decision == AccessDecision::kAllowed ? "allowed" : "denied", record.code,
                    record.result});
  }
  out.table(rows);
  if (answer.next > 0) out.line("more: --before " + std::to_string(answer.next), Tone::kQuiet);
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr ? std::to_string(::geteuid()) : user->pw_name;
}

}  // namespace

int access_find_command(const Arguments& arguments, Screen& out, Screen& problems) {
  ParameterValues values = arguments.values;
  if (const auto read = read_personal_values(personal_options(), std::cin, values); !read) {
    problems.line(read.error().message, Tone::kBad);
    return kExitUsage;
  }
  AccessQuestion question;
  add_term(values, "person", AccessTerm::kPerson, question);
  add_term(values, "holder", AccessTerm::kHolder, question);
  add_term(values, "certificate", AccessTerm::kCertificate, question);
  add_term(values, "case", AccessTerm::kCase, question);
  question.limit = arguments.limit;
  question.before = arguments.before;
  if (!read_time(values, "from", question.from, problems)) return kExitUsage;
  if (!read_time(values, "until", question.until, problems)) return kExitUsage;
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  auto index = AccessIndex::open(context.settings.folder, context.settings.node,
                                 context.settings.master_key, context.clock);
  if (!index) return access_failed(index.error(), problems);
  const auto filled = index.value()->fill({});
  if (!filled && filled.error().code != "search.in_use") {
    return access_failed(filled.error(), problems);
  }
  const auto answer = index.value()->find(question);
  if (!answer) return access_failed(answer.error(), problems);
  show(answer.value(), out);
  return kExitOk;
}

int access_destroy_keys_command(const Arguments& arguments, Screen& out, Screen& problems) {
  ParameterValues values = arguments.values;
  if (const auto read = read_personal_values(personal_options(), std::cin, values); !read) {
    problems.line(read.error().message, Tone::kBad);
    return kExitUsage;
  }
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const auto log = AccessLog::open(context.settings);
  if (!log) return access_failed(log.error(), problems);
  AccessRecord why;
  why.system = "certbridge";
  why.person = user_name();
  why.role = "security-administrator";
  why.purpose = values["reason"];
  why.trace_id = "command";
  const auto destroyed = log.value()->destroy_personal(values["holder"], why);
  if (!destroyed) return access_failed(destroyed.error(), problems);
  out.line(
      "the keys of " + std::to_string(destroyed.value()) +
          " records are destroyed; copies of the .keys files in backups and archives are yours to "
          "destroy",
      Tone::kGood);
  return kExitOk;
}

}  // namespace certbridge::host
