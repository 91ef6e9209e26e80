// certbridge report inspection: what a regular inspection looks at.
#include <algorithm>
#include <filesystem>

#include "access/policy/holder_grounds.h"
#include "access/policy/patterns.h"
#include "catalogue/catalogue_files.h"
#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/open_journal.h"
#include "cli/report_context.h"
#include "config/document.h"
#include "reports/objection_inspection.h"
#include "reports/push_reading.h"
#include "reports/record_inspection.h"
#include "reports/version_reading.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestPolicy = 4UL << 20;

int inspection_failed(const Error& error, int code, Screen& problems) {
  problems.line(error.message + " (" + error.code + ")", Tone::kBad);
  return code;
}

// Office hours and grounds of holders; without <queries> nobody asks, and nothing is outside.
std::optional<int> read_policy_into(const Configuration& configuration, Screen& problems,
                                    RecordInspectionSettings& settings) {
  const std::string& file = configuration.queries.policy_file;
  if (file.empty()) return {};
  const auto text = read_file(file, kLargestPolicy);
  if (!text) return inspection_failed(text.error(), kExitConfiguration, problems);
  const auto policy = AccessPolicy::parse(text.value(), file);
  if (!policy) return inspection_failed(policy.error(), kExitConfiguration, problems);
  settings.office_hours = pattern_settings(*policy.value()).office_hours;
  settings.holder_grounds = holder_grounds(*policy.value());
  return {};
}

std::string catalogue_of(const Arguments& arguments) {
  std::string given = value_in(arguments.values, "catalogue");
  if (!given.empty()) return given;
  const auto beside =
      std::filesystem::path(arguments.configuration.file).parent_path() / "catalogue" / "used";
  return std::filesystem::is_directory(beside) ? beside.string() : std::string();
}

std::optional<int> read_types_into(const std::string& folder, Screen& problems,
                                   RecordInspectionSettings& settings) {
  if (folder.empty()) return {};
  ConfigurationErrors errors;
  const auto types = read_used_types(folder, errors);
  if (!types) {
    problems.line("the catalogue " + folder + " cannot be used: " + to_text(errors.front()),
                  Tone::kBad);
    return kExitConfiguration;
  }
  for (const UsedType& type : types->all()) {
    settings.known_types[type.code] = {type.first_day, type.last_day};
  }
  return {};
}

// Without <catalogue> there are none.
std::optional<int> read_own_types_into(const Configuration& configuration, Screen& problems,
                                       std::vector<CertificateType>& types) {
  const std::string& folder = configuration.catalogue.types_folder;
  if (folder.empty()) return {};
  ConfigurationErrors errors;
  const auto own = read_own_types(folder, errors);
  if (!own) {
    problems.line("the types in " + folder + " cannot be used: " + to_text(errors.front()),
                  Tone::kBad);
    return kExitConfiguration;
  }
  types = own->all();
  return {};
}

struct InspectionSettings {
  RecordInspectionSettings records{};
  PushInspectionSettings pushes{};
  std::vector<CertificateType> own_types{};
};

std::optional<int> read_options(const Arguments& arguments, Screen& problems,
                                InspectionSettings& settings) {
  const ParameterValues& values = arguments.values;
  const auto period = report_period(values, problems);
  if (!period) return kExitUsage;
  const auto collected = number_in(values, "collected-hours", 24, problems);
  const auto status = number_in(values, "status-hours", 24, problems);
  const auto queries = number_in(values, "failed-queries", 10, problems);
  const auto cases = number_in(values, "cases-of-a-holder", 3, problems);
  if (!collected || !status || !queries || !cases) return kExitUsage;
  settings.records.period = settings.pushes.period = *period;
  settings.records.failed_queries = *queries;
  settings.records.cases_of_a_holder = *cases;
  settings.records.most_named = settings.pushes.most_named = arguments.limit;
  settings.pushes.collected_limit = std::chrono::hours(*collected);
  settings.pushes.status_limit = std::chrono::hours(*status);
  return {};
}

std::optional<int> inspect(const Arguments& arguments, const AccessContext& context,
                           const InspectionSettings& settings, InspectionReport& report,
                           Screen& problems) {
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return code;
  const auto pushes = inspect_pushes(*journal.store, settings.pushes, report);
  if (!pushes) return inspection_failed(pushes.error(), kExitJournal, problems);
  auto versions = inspect_versions(*journal.store, settings.own_types, settings.pushes.made);
  if (!versions) return inspection_failed(versions.error(), kExitJournal, problems);
  report.sections.push_back(std::move(versions).value());
  const auto reader = AccessReader::open(context.settings.folder, context.settings.node,
                                         context.settings.master_key);
  if (!reader) return access_failed(reader.error(), problems);
  const auto records = inspect_records(*reader.value(), settings.records, report);
  if (!records) return access_failed(records.error(), problems);
  auto overdue = inspect_objections(*reader.value(), settings.records.period, settings.records.made,
                                    arguments.limit);
  if (!overdue) return access_failed(overdue.error(), problems);
  report.sections.push_back(std::move(overdue).value());
  return {};
}

}  // namespace

int report_inspection_command(const Arguments& arguments, Screen& out, Screen& problems) {
  InspectionSettings settings;
  if (const auto code = read_options(arguments, problems, settings)) return *code;
  AccessContext context;
  settings.records.made = settings.pushes.made = context.clock.now();
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const Configuration& configuration = context.loaded.configuration;
  if (const auto code = read_policy_into(configuration, problems, settings.records)) return *code;
  const std::string catalogue = catalogue_of(arguments);
  if (const auto code = read_types_into(catalogue, problems, settings.records)) return *code;
  if (const auto code = read_own_types_into(configuration, problems, settings.own_types)) {
    return *code;
  }
  const std::string& key = context.settings.master_key;
  std::copy(key.begin(), key.end(), settings.records.master_key.begin());
  for (const ReconcileCounterpart& one : configuration.reconcile.counterparts) {
    settings.pushes.libraries.push_back(one.deliveries);
  }
  InspectionReport report;
  report.node = context.settings.node;
  report.made = settings.records.made;
  report.period = settings.records.period;
  if (const auto code = inspect(arguments, context, settings, report, problems)) return *code;
  return write_report(
      arguments, arguments.json ? write_inspection_json(report) : write_inspection_text(report),
      out, problems);
}

}  // namespace certbridge::host
