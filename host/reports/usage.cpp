#include "reports/usage.h"

#include "certbridge/identifiers.h"
#include "reports/period_records.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostReasons = 200;

bool is_use(AccessKind kind) {
  switch (kind) {
    case AccessKind::kQuery:
    case AccessKind::kFile:
    case AccessKind::kVerification:
    case AccessKind::kComparison:
    case AccessKind::kAvailability:
    case AccessKind::kDisplay:
    case AccessKind::kRender:
    case AccessKind::kExport:
      return true;
    default:
      return false;
  }
}

// Of whom and of what type it is; a source that tells neither has told an identifier that says it
// (GB/T 36904).
UsageKey key_of(const ReadAccess& access, PeriodStep step) {
  const AccessRecord& record = access.record;
  UsageKey key;
  key.period = period_of(access.written, step);
  key.issuer = record.issuer;
  key.unit = record.unit;
  key.type = record.certificate_type;
  key.purpose = record.purpose;
  key.source = kOwnUses;
  key.kind = to_text(record.kind);
  key.result = record.result;
  if (!key.issuer.empty() && !key.type.empty()) return key;
  const auto identifier = CertificateIdentifier::parse_lenient(record.certificate);
  if (!identifier) return key;
  if (key.issuer.empty()) key.issuer = identifier.value().issuer_code();
  if (key.type.empty()) key.type = identifier.value().type_code();
  return key;
}

// Why a record is no use of anybody's certificate; empty when it is one.
std::string why_not(const AccessRecord& record, const std::string& issuer) {
  if (!is_use(record.kind)) return to_text(record.kind);
  if (record.decision == AccessDecision::kDenied) return "denied";
  if (record.disclosed.empty()) return record.result.empty() ? "nothing-left" : record.result;
  if (!issuer.empty()) return {};
  return record.result == "found" || record.result == "verified" ? "no-issuer" : record.result;
}

}  // namespace

std::uint64_t UsageReport::total(const std::string& source) const {
  std::uint64_t total = 0;
  for (const auto& [key, count] : rows) {
    if (key.source == source) total += count;
  }
  return total;
}

Result<void> add_uses(UsageReport& report, UsageKey key, std::uint64_t count) {
  if (report.rows.size() >= kMostUsageRows && !report.rows.contains(key)) {
    return Error::permanent("report.too_many",
                            "the report would have more than 100000 rows: ask for one issuer, a "
                            "shorter period, or months in place of days");
  }
  report.rows[std::move(key)] += count;
  return {};
}

void UsageCount::leave_out(const std::string& reason) {
  if (!report_.issuer.empty()) return;
  CountsByReason& counts = report_.records.not_counted;
  ++report_.records.records;
  ++counts[counts.size() < kMostReasons || counts.contains(reason) ? reason : "other"];
}

void UsageCount::end_with(const ReadAccess& access) {
  UsageRecords& records = report_.records;
  records.last = {access.place.number, to_hex(access.place.hash)};
  if (records.first.number == 0) records.first = records.last;
}

Result<void> UsageCount::add(const ReadAccess& access) {
  UsageKey key = key_of(access, report_.step);
  const std::string reason = why_not(access.record, key.issuer);
  const bool is_asked_for = report_.issuer.empty() || key.issuer == report_.issuer;
  if (report_.issuer.empty() || (reason.empty() && is_asked_for)) end_with(access);
  if (!reason.empty()) {
    leave_out(reason);
    return {};
  }
  if (!is_asked_for) return {};
  ++report_.records.records;
  ++report_.records.counted;
  return add_uses(report_, std::move(key), 1);
}

Result<void> count_usage(const AccessReader& reader, UsageReport& report) {
  UsageCount count(report);
  Result<void> counted;
  const auto read = each_record(reader, report.period, report.made, [&](const ReadAccess& access) {
    counted = count.add(access);
    return counted.ok();
  });
  return counted.ok() ? read : counted;
}

}  // namespace certbridge::host
