// A decision made once more from its record: the same, or what differs.
#include <gtest/gtest.h>

#include "access/policy/operator_access.h"
#include "access/policy/recompute.h"
#include "decision_table.h"

namespace certbridge::host::access_test {
namespace {

AccessRecord record_of(const AccessPolicy& policy, const Situation& it) {
  const Decision decision = decide(policy, it.request, it.facts);
  AccessRecord record;
  record.kind = it.request.kind;
  record.system = it.request.caller.system;
  record.unit = it.request.caller.unit;
  if (it.request.caller.person) record.person = it.request.caller.person->id;
  record.role = it.request.role;
  record.ground_kind = it.request.ground_kind;
  record.ground = it.request.ground;
  record.purpose = it.request.purpose;
  if (it.request.holder) record.holder = it.request.holder->code;
  record.decision = decision.allowed ? AccessDecision::kAllowed : AccessDecision::kDenied;
  record.code = decision.code;
  record.policy = decision.policy;
  record.inputs = write_inputs(it.request, it.facts);
  return record;
}

const std::shared_ptr<const AccessPolicy>& policy() {
  static const auto kPolicy = policy_of("tests/host/access/decisions.xml");
  return kPolicy;
}

std::vector<std::string> differences(const AccessRecord& record) {
  const auto made = recompute(*policy(), record);
  return made ? made.value().differences : std::vector<std::string>{made.error().code};
}

using Texts = std::vector<std::string>;

TEST(Recompute, EachRowOfTheTableComesOutTheSame) {
  for (const DecisionRow& row : decision_rows()) {
    SCOPED_TRACE("decisions.txt:" + std::to_string(row.line));
    EXPECT_EQ(differences(record_of(*policy(), situation_of(row))), Texts{});
  }
}

TEST(Recompute, WhatDiffersIsNamedWithoutAnythingPersonal) {
  const AccessRecord good = record_of(*policy(), situation("case"));
  AccessRecord changed = good;
  changed.code = "case.closed";
  changed.decision = AccessDecision::kDenied;
  EXPECT_EQ(differences(changed),
            (Texts{"code: the record says `case.closed`, its inputs `allowed`",
                   "decision: the record says `denied`, its inputs `allowed`"}));
  changed = good;
  changed.purpose = "archive";
  EXPECT_EQ(differences(changed),
            Texts{"purpose: the record says `archive`, its inputs `registration`"});
  changed = good;
  changed.holder = "somebody";
  changed.person = "wu";
  EXPECT_EQ(differences(changed), (Texts{"person is another than in its inputs",
                                         "holder is another than in its inputs"}));
}

// Whoever mends the inputs changes what comes out of them.
TEST(Recompute, OtherInputsGiveAnotherCode) {
  AccessRecord record = record_of(*policy(), situation("case"));
  record.inputs =
      write_inputs(situation("case").request, changed(situation("case"), "case-open=no").facts);
  EXPECT_EQ(differences(record),
            (Texts{"code: the record says `allowed`, its inputs `case.closed`",
                   "decision: the record says `allowed`, its inputs `denied`"}));
}

TEST(Recompute, WhatCannotBeMadeAgain) {
  AccessRecord record = record_of(*policy(), situation("case"));
  EXPECT_FALSE(is_by_a_limit(record));
  record.policy = "table-1 sm3:00";
  EXPECT_EQ(differences(record), Texts{"access.other_policy"});
  record = record_of(*policy(), situation("case"));
  record.inputs += " ";
  EXPECT_EQ(differences(record), Texts{"access.inputs"});
  record.inputs.clear();
  EXPECT_EQ(differences(record), Texts{"access.no_inputs"});
  record.code = "limit.person_requests";
  EXPECT_TRUE(is_by_a_limit(record));
}

TEST(Recompute, InputsAreNamedAndPersonalOnesMarked) {
  const Situation it = situation("case");
  std::string open;
  for (const NamedInput& input : named_inputs({it.request, it.facts})) {
    if (!input.personal) open += input.name + "=" + input.value + "\n";
  }
  for (const char* there : {"purpose=registration", "case.open=yes", "uses=0", "role=clerk"}) {
    EXPECT_NE(open.find(there), std::string::npos) << there;
  }
  for (const char* absent : {"41130219800101001X", "张三", "chen", "2026-0042"}) {
    EXPECT_EQ(open.find(absent), std::string::npos) << absent;
  }
}

OperatorWish wish() {
  OperatorWish wish;
  wish.kind = AccessKind::kExport;
  wish.person = "liu";
  wish.role = "audit-administrator";
  wish.purpose = "review";
  wish.reason = "complaint 7";
  wish.about = "12 records";
  wish.holder = "41130219800101001X";
  wish.digest = std::string(32, 'd');
  wish.refers_to = 9;
  return wish;
}

TEST(OperatorAccess, IsDecidedByThePolicyAndKeptWhole) {
  const OperatorDecision made = decide_operator(*policy(), wish(), time_of("2026-11-27T02:00:00Z"));
  EXPECT_TRUE(made.decision.allowed) << made.decision.code;
  EXPECT_EQ(made.record.decision, AccessDecision::kAllowed);
  EXPECT_EQ(made.record.kind, AccessKind::kExport);
  EXPECT_EQ(made.record.system, "certbridge");
  EXPECT_EQ(made.record.ground, "complaint 7");
  EXPECT_EQ(made.record.result, "12 records");
  EXPECT_EQ(made.record.disclosed_digest, std::string(32, 'd'));
  EXPECT_EQ(made.record.refers_to, 9U);
  EXPECT_EQ(differences(made.record), Texts{});
}

TEST(OperatorAccess, WithoutDutyOrReasonNothingIsTakenOut) {
  const auto code_of = [](const OperatorWish& of) {
    const OperatorDecision made = decide_operator(*policy(), of, Timestamp{});
    EXPECT_FALSE(made.decision.allowed);
    EXPECT_EQ(made.record.decision, AccessDecision::kDenied);
    EXPECT_EQ(made.record.result, "refused");
    EXPECT_EQ(made.record.disclosed_digest, "");
    return made.decision.code;
  };
  OperatorWish of = wish();
  of.role = "clerk";
  EXPECT_EQ(code_of(of), "role.not_allowed");
  of = wish();
  of.reason.clear();
  EXPECT_EQ(code_of(of), "reason.missing");
  of = wish();
  of.ground = "case";
  EXPECT_EQ(code_of(of), "access.not_allowed");
  of = wish();
  of.reason = std::string(1025, 'r');
  EXPECT_EQ(code_of(of), "inputs.unfit");
}

}  // namespace
}  // namespace certbridge::host::access_test
