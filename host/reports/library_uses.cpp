#include "reports/library_uses.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::size_t kMostReasons = 200;

// Why it is no use of anybody's certificate that was made elsewhere; empty when it is one.
std::string why_not(const LibraryUse& use) {
  if (use.by != "others") return "unknown-caller";
  if (use.result.empty()) return "unknown-result";
  if (use.result != "found" && use.result != "verified") return use.result;
  return use.issuer.empty() ? "no-issuer" : "";
}

}  // namespace

UsageLibrary& library_in(UsageReport& report, const std::string& name) {
  const auto found = std::find_if(report.libraries.begin(), report.libraries.end(),
                                  [&](const UsageLibrary& one) { return one.library == name; });
  if (found != report.libraries.end()) return *found;
  UsageLibrary& added = report.libraries.emplace_back();
  added.library = name;
  return added;
}

Result<void> add_library_use(UsageReport& report, const std::string& library,
                             std::chrono::local_days day, const LibraryUse& use) {
  UsageLibrary& counts = library_in(report, library);
  const bool is_whole = report.issuer.empty();
  const bool is_ours = use.by == "ourselves";
  const std::string reason = is_ours ? "" : why_not(use);
  if (is_whole) counts.logged += use.count;
  if (is_ours) {
    if (is_whole) counts.ours += use.count;
    return {};
  }
  if (!reason.empty()) {
    const bool fits = counts.not_counted.size() < kMostReasons;
    if (is_whole) counts.not_counted[fits ? reason : "other"] += use.count;
    return {};
  }
  if (!is_whole && use.issuer != report.issuer) return {};
  if (!is_whole) counts.logged += use.count;
  counts.counted += use.count;
  const std::string text = report_day_text(day);
  return add_uses(
      report,
      {report.step == PeriodStep::kDay ? text : text.substr(0, 7), use.issuer, use.unit, use.type,
       use.purpose, kLibraryUses, use.kind.empty() ? "other" : use.kind, use.result},
      use.count);
}

}  // namespace certbridge::host
