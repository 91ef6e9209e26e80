// certbridge access find, list: records by what they are about, and of a period.
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

}  // namespace certbridge::host
