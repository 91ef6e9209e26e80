// What libraries logged of uses, whoever asked them.
#include "operate/operation_lists.h"
#include "operate/parts.h"
#include "reconcile/reconciler.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kDayText = 10;  // "2026-11-27"

Result<std::chrono::year_month_day> logged_day(const OperationCall& call) {
  const auto when = call.time("day");
  if (!when || call.text("day").size() != kDayText) {
    return Error::permanent("operate.parameter", "`day` must be a day as 2026-11-27");
  }
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*when));
}

void add_uses(const std::string& library, const LoggedUses& log, AnswerTable& table) {
  for (const auto& [use, count] : log.counts) {
    table.rows.push_back({library, to_word(use.by), use.issuer_code, use.unit, use.type_code,
                          use.purpose, use.kind, use.result, count_field(count)});
  }
}

Result<OperationAnswer> list_library_uses(const OperationCall& call) {
  const auto day = logged_day(call);
  if (!day) return day.error();
  if (call.services.reconciler == nullptr) {
    return Error::permanent("reconcile.no_host",
                            "libraries are asked for their logs by the running host: start it with "
                            "`certbridge run`");
  }
  const auto told = call.services.reconciler->logged_uses(day.value());
  if (!told) return told.error();
  AnswerTable libraries{"libraries", {"library", "log", "remark"}, {}};
  AnswerTable uses{
      "uses",
      {"library", "by", "issuer", "unit", "type", "purpose", "kind", "result", "number"},
      {}};
  for (const auto& [library, log] : told.value()) {
    const bool read = log.ok() && log.value().offered;
    libraries.rows.push_back({library, read, log.ok() ? std::string() : log.error().message});
    if (read) add_uses(library, log.value(), uses);
  }
  OperationAnswer answer;
  answer.values = {{"day", call.text("day")}};
  answer.tables = {std::move(libraries), std::move(uses)};
  return answer;
}

}  // namespace

std::vector<Operation> library_use_operations() {
  return {
      {"library",
       "uses",
       Effect::kReads,
       kLookers,
       "what libraries logged of uses on one day, whoever asked them; counted",
       {{"day", ParameterType::kTime, true, false, "the day, as 2026-11-27"}},
       &list_library_uses},
  };
}

}  // namespace certbridge::host
