#include "cli/report_libraries.h"

#include <algorithm>

#include "access/policy/access_times.h"
#include "operate/operate_client.h"
#include "operate/operation_table.h"
#include "operate/wire.h"
#include "reports/library_uses.h"

namespace certbridge::host {
namespace {

// One row of a table of an answer, by the names of its columns.
class AnswerRow {
 public:
  AnswerRow(const AnswerTable& table, const std::vector<Field>& row) : table_(table), row_(row) {}
  std::string text(const char* column) const {
    const auto* found = std::get_if<std::string>(field(column));
    return found == nullptr ? std::string() : *found;
  }
  std::int64_t number(const char* column) const {
    const auto* found = std::get_if<std::int64_t>(field(column));
    return found == nullptr ? 0 : *found;
  }
  bool flag(const char* column) const {
    const auto* found = std::get_if<bool>(field(column));
    return found != nullptr && *found;
  }

 private:
  const Field* field(const char* column) const {
    static const Field kNone;
    const auto at = std::find(table_.columns.begin(), table_.columns.end(), column);
    const auto place = static_cast<std::size_t>(at - table_.columns.begin());
    return place < row_.size() ? &row_[place] : &kNone;
  }
  const AnswerTable& table_;
  const std::vector<Field>& row_;
};

Result<void> add_logged(const AnswerRow& row, std::chrono::local_days day, UsageReport& report) {
  const std::int64_t number = std::max<std::int64_t>(row.number("number"), 0);
  return add_library_use(
      report, row.text("library"), day,
      {row.text("by"), row.text("issuer"), row.text("unit"), row.text("type"), row.text("purpose"),
       row.text("kind"), row.text("result"), static_cast<std::uint64_t>(number)});
}

void note_library(const AnswerRow& row, std::chrono::local_days day, UsageReport& report) {
  UsageLibrary& library = library_in(report, row.text("library"));
  if (row.flag("log")) return;
  const std::string why = row.text("remark");
  library.trouble =
      why.empty() ? "it lets nobody read its log of uses" : report_day_text(day) + ": " + why;
}

Result<void> add_day(const OperationAnswer& answer, std::chrono::local_days day,
                     UsageReport& report) {
  for (const AnswerTable& table : answer.tables) {
    for (const auto& row : table.rows) {
      if (table.name == "libraries") note_library({table, row}, day, report);
      if (table.name != "uses") continue;
      if (auto added = add_logged({table, row}, day, report); !added) return added;
    }
  }
  return {};
}

void note_all(const Configuration& configuration, const std::string& trouble, UsageReport& report) {
  for (const ReconcileCounterpart& one : configuration.reconcile.counterparts) {
    library_in(report, one.deliveries).trouble = trouble;
  }
}

}  // namespace

Result<void> add_libraries(const Configuration& configuration, const std::string& socket,
                           UsageReport& report) {
  if (configuration.reconcile.counterparts.empty()) return {};
  const Operation& operation = *operation_at("/api/1/library/uses");
  const auto last = std::min(report.period.last, local_time(report.made).day);
  for (auto day = report.period.first; day <= last; day += std::chrono::days(1)) {
    const auto told = ask_host(socket, operation, {{"day", report_day_text(day)}});
    const auto answer = told ? read_answer(told.value()) : Result<OperationAnswer>(told.error());
    if (!answer) {
      note_all(configuration, report_day_text(day) + ": " + answer.error().message, report);
      return {};
    }
    if (auto added = add_day(answer.value(), day, report); !added) return added;
  }
  return {};
}

}  // namespace certbridge::host
