#include "reports/objection_inspection.h"

#include <gtest/gtest.h>

#include "access/policy/decision.h"
#include "access_fixture.h"
#include "reports/report_period.h"

namespace certbridge::host {
namespace {

class ObjectionInspectionTest : public access_test::AccessFolder {
 protected:
  AccessRecord raised(const std::string& certificate, std::chrono::hours until_due) const {
    AccessRequest request;
    request.kind = AccessKind::kObjection;
    request.caller = {"hall", "U1", AssertedPerson{"citizens", "c-1", "face", {}, {}, {}}};
    request.when = clock_.now();
    const Timestamp due = clock_.now() + until_due;
    request.statements = {{"due", std::to_string(due.time_since_epoch().count())},
                          {"text", "not so"}};
    AccessRecord record;
    record.kind = AccessKind::kObjection;
    record.system = "hall";
    record.unit = "U1";
    record.certificate_type = "T1";
    record.issuer = "I1";
    record.certificate = certificate;
    record.decision = AccessDecision::kAllowed;
    record.result = "raised";
    record.inputs = write_inputs(request, {});
    record.asked = record.decided = clock_.now();
    return record;
  }
};

TEST_F(ObjectionInspectionTest, NamesWhatWasNotDecidedInTime) {
  std::uint64_t late = 0;
  {
    const auto log = open();
    late = log->append(raised("ID1", std::chrono::hours(24))).value().number;
    ASSERT_TRUE(log->append(raised("ID2", std::chrono::hours(24 * 15))).ok());
    log->close();
  }
  const auto reader =
      AccessReader::open(settings_.folder, settings_.node, settings_.master_key).value();
  const Timestamp made = clock_.now() + std::chrono::hours(48);
  const auto found = inspect_objections(*reader, month_period("2026-11").value(), made, 100);
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(found.value().found, 1U);
  ASSERT_EQ(found.value().rows.size(), 1U);
  EXPECT_EQ(std::get<std::string>(found.value().rows[0][0]), std::to_string(late));
  EXPECT_EQ(std::get<std::string>(found.value().rows[0][3]), "I1");

  const auto before = inspect_objections(*reader, month_period("2026-10").value(), made, 100);
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(before.value().found, 0U) << "it was not overdue then";
}

}  // namespace
}  // namespace certbridge::host
