// certbridge access find, destroy-keys: records by what they are about; what must not be read any
// more.
#include <pwd.h>
#include <unistd.h>

#include "access/records/access_index.h"
#include "cli/access_context.h"
#include "cli/access_question.h"
#include "cli/access_screen.h"
#include "cli/admission.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace certbridge::host {
namespace {

// That somebody is among the records is personal too.
std::optional<int> admit_search(const Arguments& arguments, Screen& out, Screen& problems) {
  OperatorWish wish;
  wish.kind = AccessKind::kDisplay;
  wish.about = "search of access records";
  const auto value = [&](const char* name) {
    const auto given = arguments.values.find(name);
    return given == arguments.values.end() ? std::string() : given->second;
  };
  wish.holder = value("holder");
  wish.number = value("certificate");
  std::uint64_t record = 0;
  if (const auto code = admit(arguments, wish, problems, record)) return code;
  out.line("shown to you by access record " + std::to_string(record), Tone::kQuiet);
  return {};
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr ? std::to_string(::geteuid()) : user->pw_name;
}

}  // namespace

int access_find_command(const Arguments& arguments, Screen& out, Screen& problems) {
  Arguments given = arguments;
  AccessQuestion question;
  if (const auto code = read_question(given, question, problems)) return *code;
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const auto index = filled_index(context);
  if (!index) return access_failed(index.error(), problems);
  const auto answer = index.value()->find(question);
  if (!answer) return access_failed(answer.error(), problems);
  if (!question.terms.empty()) {
    if (const auto code = admit_search(given, out, problems)) return *code;
  }
  show_records(answer.value(), out);
  return kExitOk;
}

int access_destroy_keys_command(const Arguments& arguments, Screen& out, Screen& problems) {
  Arguments given = arguments;
  AccessQuestion unused;
  if (const auto code = read_question(given, unused, problems)) return *code;
  ParameterValues& values = given.values;
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
