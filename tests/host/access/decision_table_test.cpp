// Some hundred requests, each with what has to be decided of it, and why.
#include <gtest/gtest.h>

#include <set>

#include "access/policy/decision_codes.h"
#include "decision_table.h"

namespace certbridge::host::access_test {
namespace {

std::string named(const std::string& code) {
  for (const char* word : {"title", "proof", "id-card", "licence", "barred"}) {
    if (type_named(word) == code) return word;
  }
  return code;
}

std::string named(const QueriedHolder& holder) {
  for (const char* word : {"zhang", "li", "wang", "firm"}) {
    if (holder_named(word).code == holder.code) return word;
  }
  return "somebody";
}

template <class T>
std::set<std::string> names_of(const std::vector<T>& values) {
  std::set<std::string> names;
  for (const T& value : values) names.insert(named(value));
  return names;
}

std::set<std::string> words(const std::string& text) {
  if (text.empty()) return {};
  const auto parts = split_at(text, ',');
  return {parts.begin(), parts.end()};
}

void expect_permission(const Decision& decision, const std::string& expected) {
  const Permission& permission = decision.permission;
  const std::map<std::string, std::set<std::string>> found{
      {"types", names_of(permission.types)},
      {"barred", names_of(permission.barred_types)},
      {"holders", names_of(permission.holders)},
      {"original", {permission.original_file ? "yes" : "no"}},
      {"obligations", {decision.obligations.begin(), decision.obligations.end()}}};
  for (const std::string& one : split_at(expected, ';')) {
    const auto equals = one.find('=');
    EXPECT_EQ(found.at(one.substr(0, equals)), words(one.substr(equals + 1))) << one;
  }
}

void expect_nothing(const Decision& decision) {
  EXPECT_TRUE(decision.permission.types.empty());
  EXPECT_TRUE(decision.permission.holders.empty());
  EXPECT_FALSE(decision.permission.original_file);
  EXPECT_TRUE(decision.permission.purpose.empty());
  EXPECT_TRUE(decision.obligations.empty());
}

void expect_same(const Decision& one, const Decision& other) {
  EXPECT_EQ(one.allowed, other.allowed);
  EXPECT_EQ(one.code, other.code);
  EXPECT_EQ(one.sentence, other.sentence);
  EXPECT_EQ(one.policy, other.policy);
  EXPECT_EQ(one.ground, other.ground);
  EXPECT_EQ(one.obligations, other.obligations);
  EXPECT_EQ(one.permission.types, other.permission.types);
  EXPECT_EQ(one.permission.barred_types, other.permission.barred_types);
  EXPECT_EQ(one.permission.holders, other.permission.holders);
  EXPECT_EQ(one.permission.purpose, other.permission.purpose);
  EXPECT_EQ(one.permission.original_file, other.permission.original_file);
}

class DecisionTable : public ::testing::Test {
 protected:
  const std::vector<DecisionRow> rows_ = decision_rows();
  const std::shared_ptr<const AccessPolicy> policy_ = policy_of("tests/host/access/decisions.xml");
};

TEST_F(DecisionTable, EachRowIsDecidedAsItSays) {
  EXPECT_GE(rows_.size(), 200U);
  for (const DecisionRow& row : rows_) {
    SCOPED_TRACE("decisions.txt:" + std::to_string(row.line));
    const Situation it = situation_of(row);
    const Decision decision = decide(*policy_, it.request, it.facts);
    EXPECT_EQ(decision.inputs, write_inputs(it.request, it.facts));
    EXPECT_EQ(decision.code, row.code);
    EXPECT_EQ(decision.allowed, row.code == "allowed");
    EXPECT_EQ(decision.policy, policy_->version());
    EXPECT_EQ(decision.sentence, sentence_of(row.code));
    EXPECT_FALSE(decision.sentence.empty());
    if (!decision.allowed) expect_nothing(decision);
    if (!row.permission.empty()) expect_permission(decision, row.permission);
  }
}

TEST_F(DecisionTable, EachRowIsDecidedAgainFromItsInputs) {
  for (const DecisionRow& row : rows_) {
    SCOPED_TRACE("decisions.txt:" + std::to_string(row.line));
    const Situation it = situation_of(row);
    const std::string written = write_inputs(it.request, it.facts);
    EXPECT_LE(written.size(), 64U * 1024);
    const auto read = parse_inputs(written);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(write_inputs(read.value().request, read.value().facts), written);
    expect_same(decide(*policy_, read.value().request, read.value().facts),
                decide(*policy_, it.request, it.facts));
  }
}

// Whatever fails on the way, of every request that is allowed.
TEST_F(DecisionTable, WhatIsMissingNeverAllows) {
  const auto code_with = [&](Situation it, const std::string& changes) {
    it = changed(it, changes);
    return decide(*policy_, it.request, it.facts).code;
  };
  for (const DecisionRow& row : rows_) {
    if (row.code != "allowed") continue;
    SCOPED_TRACE("decisions.txt:" + std::to_string(row.line));
    const Situation it = situation_of(row);
    if (needed_facts(*policy_, it.request).of_the_case) {
      EXPECT_EQ(code_with(it, "trouble=registration.timeout"), "case.unavailable");
      EXPECT_EQ(code_with(it, "case-known=no"), "case.unknown");
      EXPECT_EQ(code_with(it, "parties=none"), "holder.no_party");
      EXPECT_EQ(code_with(it, "case=none"), "case.unavailable");
    }
    if (needed_facts(*policy_, it.request).uses) {
      EXPECT_EQ(code_with(it, "uses=unknown"), "uses.unknown");
    }
    if (it.request.caller.person) {
      EXPECT_EQ(code_with(it, "person=none; role=none"), "person.missing");
    }
    EXPECT_EQ(code_with(it, "by=none"), "ground.unknown");
    EXPECT_EQ(code_with(it, "purpose=none"), "purpose.unknown");
    EXPECT_EQ(code_with(it, "system=barred-system"), "deny.system");
    EXPECT_EQ(code_with(it, "types=barred"), "deny.type");
  }
}

TEST_F(DecisionTable, FactsAreAskedForWhereTheyMatter) {
  const std::set<std::string> by_case{"case", "provisional", "check", "any-case"};
  const std::set<std::string> counted{"case", "provisional", "inspection"};
  int without = 0;
  for (const DecisionRow& row : rows_) {
    SCOPED_TRACE("decisions.txt:" + std::to_string(row.line));
    const Situation it = situation_of(row);
    if (row.code == "allowed") {
      EXPECT_EQ(needed_facts(*policy_, it.request).of_the_case, by_case.contains(row.base));
      if (row.changes.find("by=") == std::string::npos) {
        EXPECT_EQ(needed_facts(*policy_, it.request).uses, counted.contains(row.base));
      }
    }
    if (row.code == kUnfitInputs || needed_facts(*policy_, it.request).of_the_case) continue;
    if (needed_facts(*policy_, it.request).uses) continue;
    expect_same(decide(*policy_, it.request, {}), decide(*policy_, it.request, it.facts));
    ++without;
  }
  EXPECT_GT(without, 150);
}

TEST_F(DecisionTable, NoCaseIsAskedForWhereItWouldNotHelp) {
  for (const char* changes : {"person=staff/barred", "by=nothing", "level=password", "purpose=none",
                              "number=none; holder=none", "roles=none"}) {
    const Situation it = changed(situation("case"), changes);
    EXPECT_FALSE(needed_facts(*policy_, it.request).of_the_case) << changes;
    EXPECT_FALSE(needed_facts(*policy_, it.request).uses) << changes;
  }
}

// Code and sentence as the page lists them, in lines "| `code` | sentence |".
std::map<std::string, std::string> documented() {
  std::istringstream page(text_of_file("docs/access-policy.md"));
  std::map<std::string, std::string> codes;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const auto columns = split_at(line, '|');
    const std::string code = columns.at(1).substr(1, columns.at(1).size() - 2);
    if (!sentence_of(code).empty()) codes[code] = columns.at(2);
  }
  return codes;
}

TEST_F(DecisionTable, EachCodeIsDocumentedAndOccurs) {
  const auto page = documented();
  std::set<std::string> occurring;
  for (const DecisionRow& row : rows_) occurring.insert(row.code);
  for (const DecisionCode& one : decision_codes()) {
    const std::string code(one.code);
    ASSERT_TRUE(page.contains(code)) << code;
    EXPECT_EQ(page.at(code), one.sentence) << code;
    EXPECT_TRUE(occurring.contains(code)) << code;
  }
  for (const DecisionCode& one : limit_codes()) {
    ASSERT_TRUE(page.contains(std::string(one.code))) << one.code;
    EXPECT_EQ(page.at(std::string(one.code)), one.sentence) << one.code;
  }
  EXPECT_EQ(page.size(), decision_codes().size() + limit_codes().size());
}

TEST(DecisionInputs, WhatNoRecordCanKeepIsDenied) {
  const auto policy = policy_of("tests/host/access/decisions.xml");
  for (const std::string& text : {std::string("\xff\xfe"), std::string("a\x01z"),
                                  std::string(1025, 'x'), std::string("a\0z", 3)}) {
    for (const auto member :
         {&AccessRequest::role, &AccessRequest::ground_kind, &AccessRequest::ground,
          &AccessRequest::purpose, &AccessRequest::number, &AccessRequest::authorisation}) {
      Situation it = situation("case");
      it.request.*member = text;
      const Decision decision = decide(*policy, it.request, it.facts);
      EXPECT_EQ(decision.code, kUnfitInputs);
      const auto read = parse_inputs(write_inputs(it.request, it.facts));
      ASSERT_TRUE(read.ok());
      expect_same(decide(*policy, read.value().request, read.value().facts), decision);
    }
  }
}

TEST(DecisionInputs, LineBreaksComeBack) {
  Situation it = situation("case");
  it.request.role = "a\nb\tc\rd";
  const auto read = parse_inputs(write_inputs(it.request, it.facts));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().request.role, it.request.role);
}

TEST(DecisionInputs, NobodyElseIsInThem) {
  Situation it = situation("case");
  const std::string written = write_inputs(it.request, it.facts);
  for (const char* there : {"张三", "chen", "role=\"holder\""}) {
    EXPECT_NE(written.find(there), std::string::npos) << there;
  }
  for (const char* absent : {"王五", "宛城置业", "\"wu\""}) {
    EXPECT_EQ(written.find(absent), std::string::npos) << absent;
  }
}

TEST(DecisionInputs, OnlyTheirOwnFormIsRead) {
  const Situation it = situation("case");
  const std::string written = write_inputs(it.request, it.facts);
  const auto refused = [](const std::string& xml) {
    const auto read = parse_inputs(xml);
    EXPECT_TRUE(read.ok() || read.error().code == "access.inputs");
    return !read.ok();
  };
  EXPECT_FALSE(refused(written));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("<inputs/>"));
  EXPECT_TRUE(refused(written + " "));
  EXPECT_TRUE(refused(" " + written));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = written;
    const auto at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? changed : changed.replace(at, from.size(), to);
  };
  EXPECT_TRUE(refused(with("access-inputs:1", "access-inputs:2")));
  EXPECT_TRUE(refused(with("kind=\"query\"", "kind=\"peek\"")));
  EXPECT_TRUE(refused(with("uses=\"0\"", "uses=\"-1\"")));
  EXPECT_TRUE(refused(with("uses=\"0\"", "uses=\"00\"")));
  EXPECT_TRUE(refused(with("<facts", "<facts extra=\"1\"")));
  EXPECT_TRUE(refused(with("</request>", "<type value=\"T\"/><note/></request>")));
  EXPECT_TRUE(refused(with("role=\"holder\"", "role=\"king\"")));
  EXPECT_FALSE(refused(with("uses=\"0\"", "uses=\"7\"")));
}

}  // namespace
}  // namespace certbridge::host::access_test
