// When and how fast an endpoint is delivered to, as it stands in the file.
#include "config/delivery_policy_reader.h"

#include <gtest/gtest.h>

#include "config/schemas.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::sys_days;

DeliveryPolicy policy_in(const std::string& inside, const std::string& attributes = "") {
  const auto parsed =
      parse_xml("<endpoint " + attributes + ">" + inside + "</endpoint>", "test.xml", XmlLimits{});
  EXPECT_TRUE(parsed.ok());
  ConfigurationErrors errors;
  DeliveryPolicy policy = read_delivery_policy(parsed.value(), "test.xml", errors);
  EXPECT_TRUE(errors.empty()) << to_text(errors.front());
  return policy;
}

TEST(DeliveryPolicyTest, SaysNothingUnlessItIsTold) {
  const DeliveryPolicy policy = policy_in("");
  EXPECT_EQ(policy.zone, 8h);
  EXPECT_EQ(policy.breaker.failures, 5);
  EXPECT_EQ(policy.breaker.first_probe, 2s);
  EXPECT_EQ(policy.breaker.longest_probe, 60s);
  EXPECT_EQ(policy.limits.per_hour, 0);
  EXPECT_EQ(policy.limits.per_second, 0);
  EXPECT_TRUE(policy.hours.windows.empty());
}

// What the schema says are the defaults are those of the program.
TEST(DeliveryPolicyTest, TheDefaultsOfTheSchemaAreThoseOfTheProgram) {
  const std::string schema(schema_text(SchemaName::kConfiguration));
  for (const char* line : {R"(name="failures" type="failures" default="5")",
                           R"(name="first-probe" type="duration" default="2s")",
                           R"(name="longest-probe" type="duration" default="1m")",
                           R"(name="burst" type="endpoint-workers" default="1")",
                           R"(name="days" type="days" default="mon-sun")"}) {
    EXPECT_NE(schema.find(line), std::string::npos) << line;
  }
  EXPECT_EQ(DeliveryLimits{}.burst, 1);
  EXPECT_EQ(OpenWindow{}.days, 0x7F);
}

TEST(DeliveryPolicyTest, ReadsHowVerdictsAreFetched) {
  const VerdictPolicy verdicts =
      policy_in(R"(<verdicts ask="10s" watch="72h" look="6h" repair="holds"/>)").verdicts;
  EXPECT_EQ(verdicts.ask, 10s);
  EXPECT_EQ(verdicts.watch, 72h);
  EXPECT_EQ(verdicts.look, 6h);
  EXPECT_TRUE(verdicts.repair_holds);
  const VerdictPolicy none = policy_in("").verdicts;
  EXPECT_EQ(none.ask, 0s);
  EXPECT_EQ(none.watch, 0s);
  EXPECT_EQ(none.look, 6h);
  EXPECT_FALSE(policy_in(R"(<verdicts watch="1h" repair="passes"/>)").verdicts.repair_holds);
}

TEST(DeliveryPolicyTest, ReadsLimits) {
  EXPECT_DOUBLE_EQ(policy_in(R"(<limits rate="10/s"/>)").limits.per_second, 10);
  EXPECT_DOUBLE_EQ(policy_in(R"(<limits rate="300/min"/>)").limits.per_second, 5);
  EXPECT_DOUBLE_EQ(policy_in(R"(<limits rate="7200/h"/>)").limits.per_second, 2);
  const DeliveryLimits limits =
      policy_in(R"(<limits per-hour="600" per-day="5000" rate="10/s" burst="20"/>)").limits;
  EXPECT_EQ(limits.per_hour, 600);
  EXPECT_EQ(limits.per_day, 5000);
  EXPECT_EQ(limits.burst, 20);
}

TEST(DeliveryPolicyTest, ReadsDaysOfTheWeek) {
  const auto days = [](const std::string& text) {
    return policy_in("<hours><open days=\"" + text + "\" from=\"08:30\" to=\"17:30\"/></hours>")
        .hours.windows.at(0)
        .days;
  };
  EXPECT_EQ(days("mon"), 0b0000001);
  EXPECT_EQ(days("mon-fri"), 0b0011111);
  EXPECT_EQ(days("mon,wed,sat-sun"), 0b1100101);
  EXPECT_EQ(days("sat-mon"), 0b1100001);
}

TEST(DeliveryPolicyTest, ReadsWindowsHolidaysAndMaintenanceOfItsZone) {
  const DeliveryPolicy policy = policy_in(
      R"(<hours><open from="22:00" to="24:00"/><closed from="2026-10-01" to="2026-10-07"/>
         <closed from="2027-01-01"/></hours>
         <maintenance from="2026-12-01T22:00" to="2026-12-02T02:00"/>)",
      R"(zone="-03:30")");
  EXPECT_EQ(policy.zone, -210min);
  EXPECT_EQ(policy.hours.windows.at(0).from, 1320);
  EXPECT_EQ(policy.hours.windows.at(0).to, 1440);
  EXPECT_EQ(policy.hours.closed.at(0).to, local_days(2026y / 10 / 7));
  EXPECT_EQ(policy.hours.closed.at(1).to, local_days(2027y / 1 / 1));
  EXPECT_EQ(policy.maintenance.at(0).from, sys_days(2026y / 12 / 2) + 1h + 30min);
}

}  // namespace
}  // namespace certbridge::host
