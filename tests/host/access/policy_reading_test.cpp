// What is read of access.xml, and what staff are told when it is wrong.
#include <gtest/gtest.h>

#include "access/policy/access_policy_parts.h"
#include "decision_table.h"

namespace certbridge::host::access_test {
namespace {

std::string policy_with(const std::string& from, const std::string& to) {
  std::string xml = text_of_file("tests/host/access/decisions.xml");
  const auto at = xml.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the policy: " + from);
  return xml.replace(at, from.size(), to);
}

// Code and message of the refusal.
std::string refusal(const std::string& from, const std::string& to) {
  const auto policy = AccessPolicy::parse(policy_with(from, to), "access.xml");
  return policy ? "read" : policy.error().code + " " + policy.error().message;
}

void expect_refusal(const std::string& from, const std::string& to, const std::string& code,
                    const std::string& part) {
  const std::string said = refusal(from, to);
  EXPECT_TRUE(said.starts_with(code + " access.xml:")) << said;
  EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST(PolicyReading, TheShippedPolicyIsInOrder) {
  const auto policy = policy_of("config/access/access.xml");
  EXPECT_TRUE(policy->version().starts_with("2026-1 sm3:")) << policy->version();
  EXPECT_EQ(policy->version().size(), std::string("2026-1 sm3:").size() + 64);
  EXPECT_EQ(policy->parts().grounds.size(), 10U);
  const PatternSettings patterns = pattern_settings(*policy);
  EXPECT_EQ(patterns.person.requests_per_minute, 60U);
  EXPECT_EQ(patterns.system.holders_per_day, 20'000U);
  EXPECT_EQ(patterns.cases_of_a_holder, 3U);
  EXPECT_TRUE(patterns.flags_outside_office_hours);
  EXPECT_EQ(policy->objection_days().objections, std::chrono::days(15));
  EXPECT_EQ(policy->objection_days().complaints, std::chrono::days(10));
  EXPECT_TRUE(is_shown_to_holder(*policy, "case"));
  EXPECT_FALSE(is_shown_to_holder(*policy, "court"));
  EXPECT_TRUE(is_shown_to_holder(*policy, "of-an-earlier-policy"));
}

TEST(PolicyReading, DaysOfObjections) {
  const auto with = [](const std::string& element) {
    const auto policy = AccessPolicy::parse(
        policy_with("<purpose name=\"registration\">", element + "<purpose name=\"registration\">"),
        "access.xml");
    EXPECT_TRUE(policy.ok()) << policy.error().message;
    return policy.value()->objection_days();
  };
  EXPECT_EQ(with("").objections, std::chrono::days(15));
  EXPECT_EQ(with("<objections days=\"7\"/>").complaints, std::chrono::days(7));
  EXPECT_EQ(with("<objections days=\"7\" complaint-days=\"365\"/>").complaints,
            std::chrono::days(365));
  for (const char* days : {"0", "366", "", "x"}) {
    expect_refusal(
        "<purpose name=\"registration\">",
        "<objections days=\"" + std::string(days) + "\"/><purpose name=\"registration\">",
        "policy.shape", "days");
  }
}

TEST(PolicyReading, OnlyTheHolderSeesHisUses) {
  expect_refusal("accesses=\"query display\"", "accesses=\"query own-uses\"", "policy.value",
                 "own-uses");
}

TEST(PolicyReading, EachByteMakesAnotherVersion) {
  const auto one = policy_of("tests/host/access/decisions.xml");
  const auto other = AccessPolicy::parse(policy_with("uses=\"3\"", "uses=\"4\""), "access.xml");
  ASSERT_TRUE(other.ok());
  EXPECT_NE(one->version(), other.value()->version());
}

TEST(PolicyReading, WhatHasNotItsFormIsRefused) {
  expect_refusal("<levels", "<level", "policy.shape", "4:");
  expect_refusal("kind=\"court\"", "kind=\"king\"", "policy.shape", "kind");
  expect_refusal("version=\"table-1\"", "", "policy.shape", "version");
  expect_refusal("<deny system", "<deny sistem", "policy.shape", "sistem");
  expect_refusal("accesses=\"query display\"", "accesses=\"query flag\"", "policy.shape",
                 "accesses");
  expect_refusal("<access ", "<!DOCTYPE a><access ", "policy.shape", "document type");
  expect_refusal("</access>", "", "policy.shape", "access.xml:");
  expect_refusal("provisional-minutes=\"30\"", "provisional-minutes=\"1441\"", "policy.shape",
                 "provisional-minutes");
  expect_refusal("access:1", "access:2", "policy.shape", "access");
}

TEST(PolicyReading, WhatDoesNotExistIsNamed) {
  expect_refusal("purposes=\"own\"", "purposes=\"owm\"", "policy.unknown",
                 "there is no purpose `owm`; did you mean `own`?");
  expect_refusal("level=\"face\" by", "level=\"fase\" by", "policy.unknown", "`fase`");
  expect_refusal("grounds=\"case court archive\"", "grounds=\"case cort\"", "policy.unknown",
                 "there is no ground `cort`; did you mean `court`?");
}

TEST(PolicyReading, WhatMakesNoSenseIsRefused) {
  const char* value = "policy.value";
  expect_refusal("order=\"password face ukey\"", "order=\"face password face ukey\"", value,
                 "twice");
  expect_refusal("from=\"08:00\" until=\"18:00\"", "from=\"18:00\" until=\"18:00\"", value,
                 "`until`");
  expect_refusal("<purpose name=\"review\">", "<purpose name=\"archive\">", value, "two purposes");
  expect_refusal("<ground name=\"objection\"", "<ground name=\"case\"", value, "two grounds");
  expect_refusal("id=\"SQ-2\"", "id=\"SQ-1\"", value, "two authorisations");
  expect_refusal("<field name=\"file\"/>", "<field name=\"number\"/>", value, "stands twice");
  expect_refusal("</fields>", "</fields><fields type=\"*\"/>", value, "two lists");
  expect_refusal("from=\"2026-03-01\"", "from=\"2026-02-30\"", value, "no such day");
  expect_refusal("from=\"2026-03-01\"", "from=\"2026-06-01\"", value, "`until` is before");
  expect_refusal("<number pattern=\"异(####)@\"/>", "", value, "has one <number>");
  expect_refusal("<number pattern=\"异(####)@\"/>", "<number pattern=\"@#\"/>", value,
                 "characters");
  expect_refusal("<number pattern=\"异(####)@\"/>", "<number pattern=\"N@#\"/>", value, "`@`");
  expect_refusal("<number pattern=\"异(####)@\"/>", "<number pattern=\"N@1\"/>", value, "`@`");
  expect_refusal("kind=\"objection\"", "kind=\"case\"", value, "has one <case>");
  expect_refusal("kind=\"objection\"", "kind=\"holder\"", value, "has no <number>");
  expect_refusal("<who issuers=\"citizens\" level=\"face\"/>", "<who/>", value,
                 "has to prove who he is");
  expect_refusal("issuers=\"operate\" roles", "roles", value, "a duty is that of roles");
  expect_refusal("person=\"no\"/>", "person=\"no\" roles=\"clerk\"/>", value, "without a person");
  expect_refusal("person=\"no\"/>", "person=\"no\" issuers=\"staff\"/>", value, "without a person");
  expect_refusal("<who roles=\"clerk\"/>", "<who person=\"no\"/>", value, "handler");
  expect_refusal("<who level=\"ukey\" by=\"authorisation\"/>", "<who/>", value, "by duty only");
  expect_refusal("persons=\"staff/chen staff/wu\" ", "", value, "nobody is authorised");
  expect_refusal("<deny person=\"staff/barred\"/>", "<deny person=\"a/b\" system=\"c\"/>", value,
                 "a line for each");
  expect_refusal("<deny person=\"staff/barred\"/>", "<deny/>", value, "a line for each");
}

TEST(PolicyReading, EverythingWrongIsSaidAtOnce) {
  std::string xml = policy_with("purposes=\"own\"", "purposes=\"owm\"");
  xml.replace(xml.find("grounds=\"archive\""), 17, "grounds=\"archiv\" ");
  const auto policy = AccessPolicy::parse(xml, "access.xml");
  ASSERT_FALSE(policy.ok());
  EXPECT_NE(policy.error().message.find("owm"), std::string::npos);
  EXPECT_NE(policy.error().message.find("archiv`"), std::string::npos);
  EXPECT_EQ(policy.error().severity, Severity::kFault);
}

}  // namespace
}  // namespace certbridge::host::access_test
