// Access records whose usage report is known, because each is made for the row that it belongs to.
#pragma once

#include <array>
#include <map>
#include <random>
#include <string>

#include "access/records/access_record.h"
#include "reports/usage.h"

namespace certbridge::host::report_test {

inline constexpr const char* kIssuerA = "11411300MB1T000091";
inline constexpr const char* kIssuerB = "11410000005184021Y";
inline constexpr const char* kTypeA = "11100000MB03271699001";

// Makes one record after the other, and keeps what a report of them has to say.
class UsageMaker {
 public:
  explicit UsageMaker(unsigned seed) : chance_(seed) {}

  // `period`: of the row that it will be in.
  AccessRecord next(const std::string& period) {
    ++truth_.records.records;
    AccessRecord record = plain();
    switch (roll(6)) {
      case 0:
        record.decision = AccessDecision::kDenied;
        record.code = "case.closed";
        record.result = "refused";
        return left_out(record, "denied");
      case 1:
        record.result = "none-found";
        return left_out(record, "none-found");
      case 2:
        record.kind = roll(2) == 0 ? AccessKind::kPaperAccepted : AccessKind::kFlag;
        return left_out(record, to_text(record.kind));
      default:
        return used(record, period);
    }
  }
  const UsageReport& truth() const { return truth_; }

 private:
  std::size_t roll(std::size_t sides) { return chance_() % sides; }
  template <std::size_t Size>
  std::string one_of(const std::array<const char*, Size>& words) {
    return words[roll(Size)];
  }

  AccessRecord plain() {
    AccessRecord record;
    record.trace_id = "t";
    record.system = "window";
    record.person = "staff/clerk-" + std::to_string(roll(5));
    record.unit = one_of(std::array{"12411300MB1234567G", "12411300MB7654321X"});
    record.ground_kind = "case";
    record.ground = "case-" + std::to_string(roll(100));
    record.purpose = one_of(std::array{"registration", "archive"});
    record.holder = "holder-" + std::to_string(roll(50));
    record.decision = AccessDecision::kAllowed;
    record.code = "allowed";
    record.policy = "1";
    return record;
  }
  AccessRecord left_out(AccessRecord record, const std::string& reason) {
    ++truth_.records.not_counted[reason];
    return record;
  }
  AccessRecord used(AccessRecord record, const std::string& period) {
    static constexpr std::array kKinds{AccessKind::kQuery, AccessKind::kFile,
                                       AccessKind::kComparison, AccessKind::kAvailability};
    record.kind = kKinds[roll(kKinds.size())];
    record.certificate_type = one_of(std::array{kTypeA, "11100000000013127D001"});
    record.issuer = one_of(std::array{kIssuerA, kIssuerB});
    record.certificate = "certificate-" + std::to_string(roll(100));
    record.disclosed = {"number"};
    record.result = "found";
    ++truth_.records.counted;
    ++truth_.rows[{period, record.issuer, record.unit, record.certificate_type, record.purpose,
                   kOwnUses, to_text(record.kind), "found"}];
    return record;
  }

  std::mt19937 chance_;
  UsageReport truth_{};
};

}  // namespace certbridge::host::report_test
