#include <gmock/gmock.h>

#include <unistd.h>

#include <set>

#include "operate/operation_table.h"
#include "operate/people.h"
#include "operate/wire.h"

namespace certbridge::host {
namespace {

using testing::HasSubstr;

// What a change leaves behind: a person, who may be several, and his reason.
TEST(OperationTable, EveryOperationHasRolesAndEveryChangeAReason) {
  std::set<std::string> paths;
  for (const Operation& operation : operations()) {
    EXPECT_TRUE(paths.insert(operation.path()).second) << operation.name();
    EXPECT_FALSE(operation.roles.empty()) << operation.name();
    EXPECT_NE(operation.perform, nullptr) << operation.name();
    EXPECT_EQ(operation_at(operation.path()), &operation);
    if (operation.effect != Effect::kChanges) continue;
    const Parameter* reason = operation.parameter("reason");
    ASSERT_NE(reason, nullptr) << operation.name();
    EXPECT_TRUE(reason->required) << operation.name();
  }
  EXPECT_EQ(operation_at("/api/1/parked/edit"), nullptr);
}

// The one who audits looks and changes nothing.
TEST(OperationTable, AnAuditorChangesNothing) {
  for (const Operation& operation : operations()) {
    for (const Role role : operation.roles) {
      if (role != Role::kAuditAdministrator && role != Role::kInspector) continue;
      EXPECT_NE(operation.effect, Effect::kChanges) << operation.name();
    }
  }
}

TEST(Parameters, AreCompleteKnownAndOfTheirTypes) {
  const Operation& start = *operation_at("/api/1/replay/start");
  const ParameterValues good{{"rate", "5"}, {"expect", "1"}, {"reason", "the library is back"}};
  EXPECT_TRUE(check_parameters(start, good).ok());
  const auto refusal = [&](const std::string& name, const std::string& value) {
    ParameterValues values = good;
    values[name] = value;
    const auto checked = check_parameters(start, values);
    return checked ? std::string("taken") : checked.error().message;
  };
  EXPECT_THAT(refusal("rate", "-1"), HasSubstr("`rate` must be a whole number"));
  EXPECT_THAT(refusal("rate", "5x"), HasSubstr("`rate` must be a whole number"));
  EXPECT_THAT(refusal("unconfirmed", "true"), HasSubstr("must be yes or no"));
  EXPECT_THAT(refusal("from", "yesterday"), HasSubstr("must be a time"));
  EXPECT_THAT(refusal("from", "2026-02-30"), HasSubstr("must be a time"));
  EXPECT_THAT(refusal("reason", "  "), HasSubstr("`reason` is empty"));
  EXPECT_THAT(refusal("reason", "two\nlines"), HasSubstr("one line"));
  EXPECT_THAT(refusal("reason", std::string(2001, 'x')), HasSubstr("at most 500"));
  EXPECT_THAT(refusal("speed", "5"), HasSubstr("takes no parameter of that name"));
  ParameterValues values = good;
  values.erase("reason");
  EXPECT_THAT(check_parameters(start, values).error().message, HasSubstr("`reason` is needed"));
}

TEST(Parameters, TimesAreDaysOrSecondsOfUtc) {
  EXPECT_EQ(parse_time("1970-01-02"), Timestamp(std::chrono::hours(24)));
  EXPECT_EQ(parse_time("1970-01-01T01:02:03Z"), Timestamp(std::chrono::seconds(3723)));
  for (const char* wrong : {"", "1970-01-01T", "1970-01-01T01:02:03", "1970-01-01T25:00:00Z",
                            "1970-13-01", "1970-01-01 ", "x"}) {
    EXPECT_FALSE(parse_time(wrong).has_value()) << wrong;
  }
}

TEST(Wire, ParametersAreOneFlatObject) {
  const auto read = read_parameters(R"({"a":"x","b":5,"c":true})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), (ParameterValues{{"a", "x"}, {"b", "5"}, {"c", "yes"}}));
  EXPECT_TRUE(read_parameters("").ok());
  for (const char* wrong : {"[]", "{", "{\"a\":{}}", "{\"a\":[1]}", "{\"a\":null}", "{\"a\":1.5}",
                            "{} {}", "[[[[[[[[]]]]]]]]"}) {
    EXPECT_FALSE(read_parameters(wrong).ok()) << wrong;
  }
}

TEST(Wire, AnAnswerComesThroughAsItWas) {
  OperationAnswer answer;
  answer.values = {{"may be done", std::string("x")}, {"count", std::int64_t{3}}, {"on", true}};
  answer.tables = {{"rows", {"state now", "n"}, {{std::string("a"), std::int64_t{1}}}}};
  const auto read = read_answer(write_answer(answer));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().values, answer.values);
  EXPECT_EQ(read.value().tables.at(0).columns, answer.tables[0].columns);
  EXPECT_EQ(read.value().tables.at(0).rows, answer.tables[0].rows);
  EXPECT_EQ(read_error(write_error(Error::fault("a.b", "why"))).code, "a.b");
  EXPECT_EQ(read_error("<html>").code, "operate.answer");
}

TEST(PeopleTest, TheHostsOwnUserIsOperatorWhenNobodyIsNamed) {
  const auto people = People::from({}, {});
  ASSERT_TRUE(people.ok());
  const Person* self = people.value().by_user(geteuid());
  ASSERT_NE(self, nullptr);
  EXPECT_EQ(self->roles, std::vector<Role>{Role::kOperator});
  EXPECT_EQ(people.value().by_user(geteuid() + 1), nullptr);
  EXPECT_EQ(people.value().by_key(""), nullptr);
}

}  // namespace
}  // namespace certbridge::host
