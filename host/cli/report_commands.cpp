// certbridge report usage, check: who used whose certificates, and whether a report says what the
// records say.
#include "reports/usage_files.h"

#include <fstream>

#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/report_context.h"
#include "cli/report_form.h"
#include "cli/report_libraries.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

int count_into(const AccessContext& context, UsageReport& report, Screen& problems) {
  report.node = context.settings.node;
  const auto reader = AccessReader::open(context.settings.folder, context.settings.node,
                                         context.settings.master_key);
  if (!reader) return access_failed(reader.error(), problems);
  const auto counted = count_usage(*reader.value(), report);
  return counted ? kExitOk : access_failed(counted.error(), problems);
}

// What could not be had of a library is said on the screen as well.
int count_libraries(const Arguments& arguments, const Configuration& configuration,
                    UsageReport& report, Screen& problems) {
  const std::string& socket =
      arguments.socket.empty() ? configuration.operate.socket : arguments.socket;
  const auto added = add_libraries(configuration, socket, report);
  if (!added) return access_failed(added.error(), problems);
  for (const UsageLibrary& one : report.libraries) {
    if (!one.trouble.empty()) problems.line("uses at " + one.library + ": " + one.trouble);
  }
  return kExitOk;
}

Result<std::string> written(const Arguments& arguments, const LoadedConfiguration& loaded,
                            const UsageReport& report) {
  const std::string format = value_in(arguments.values, "format");
  if (format == "library") return usage_form(loaded, value_in(arguments.values, "library"), report);
  return format == "csv" ? write_usage_csv(report) : write_usage_json(report);
}

int wrong_report(const std::string& file, const std::vector<std::string>& sentences,
                 Screen& problems) {
  for (const std::string& sentence : sentences) problems.line(file + ": " + sentence, Tone::kBad);
  return kExitFindings;
}

}  // namespace

int report_usage_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const auto period = report_period(arguments.values, problems);
  if (!period) return kExitUsage;
  UsageReport report;
  report.period = *period;
  report.issuer = value_in(arguments.values, "issuer");
  const std::string step = value_in(arguments.values, "by");
  report.step = step == "day" ? PeriodStep::kDay : PeriodStep::kMonth;
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  report.made = context.clock.now();
  if (const int code = count_into(context, report, problems); code != kExitOk) return code;
  if (value_in(arguments.values, "libraries") != "no") {
    const int code = count_libraries(arguments, context.loaded.configuration, report, problems);
    if (code != kExitOk) return code;
  }
  const auto text = written(arguments, context.loaded, report);
  if (!text) return access_failed(text.error(), problems);
  return write_report(arguments, text.value(), out, problems);
}

int report_check_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const auto text = read_file(arguments.file, kLargestUsageFile);
  const auto told = text.ok() ? read_usage_json(text.value()) : Result<UsageReport>(text.error());
  if (!told) {
    problems.line(arguments.file + ": " + told.error().message, Tone::kBad);
    return text.ok() ? kExitFindings : kExitNotFound;
  }
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  UsageReport counted;
  counted.period = told.value().period;
  counted.step = told.value().step;
  counted.issuer = told.value().issuer;
  counted.made = told.value().made;
  if (const int code = count_into(context, counted, problems); code != kExitOk) return code;
  std::vector<std::string> wrong = wrong_sums(told.value());
  for (std::string& one : differences(told.value(), counted)) wrong.push_back(std::move(one));
  if (!wrong.empty()) return wrong_report(arguments.file, wrong, problems);
  out.line(arguments.file + ": its sums are right, and the records say the same: " +
               std::to_string(told.value().total(kOwnUses)) + " uses",
           Tone::kGood);
  return kExitOk;
}

}  // namespace certbridge::host
