// What a clerk is told: every code that can refuse a certificate has a sentence of its own, which
// names the field of the registration tables to mend, or who else can help.
#include <gmock/gmock.h>

#include "case_rows.h"
#include "certbridge/testing/manifest.h"
#include "certbridge/validation.h"
#include "flow_world.h"

namespace certbridge::registration {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

Mapping shipped() {
  const std::string file = testing::intermediate_files().mapping;
  return parse_mapping(testing::read_source(file), file).value();
}

std::string told(const std::string& code) {
  static const Mapping mapping = shipped();
  return mapping.sentence(code, "mw_case_party.zjh，第1行");
}

// Codes that say how a set-up or a system stands are no clerk's business: the last sentence, which
// sends them to operations, is right for them.
bool concerns_a_clerk(const std::string& code, Severity severity) {
  const bool of_a_record = severity == Severity::kPermanent && !code.ends_with(".question");
  return of_a_record || code == "registration.incomplete" ||
         code == "registration.record_changed" || code == "registration.case_not_collected";
}

std::vector<std::string> refusing_codes() {
  std::vector<std::string> codes;
  for (const char* plugin :
       {"registration_system", "ofd_compose", "seal_service", "municipal_library"}) {
    const auto manifest = certbridge::testing::read_manifest(CERTBRIDGE_SOURCE_DIR "/plugins/" +
                                                             std::string(plugin) + "/plugin.xml");
    for (const auto& [code, severity] : manifest.errors) {
      if (concerns_a_clerk(code, severity)) codes.push_back(code);
    }
  }
  for (const auto& [rule, meaning] : known_rules()) codes.push_back("validation." + rule);
  for (const char* code :
       {"delivery.attempts_used_up", "delivery.different", "delivery.cannot_tell",
        "delivery.not_held", "catalogue.unknown_type", "life.ended", "life.message",
        "life.not_held", "life.not_published", "life.superseded", "order.issue_refused",
        "order.never_published", "order.superseded"}) {
    codes.push_back(code);
  }
  return codes;
}

TEST(Sentences, EveryCodeThatRefusesHasItsOwn) {
  const std::string last = told("no.such.code");
  ASSERT_THAT(last, HasSubstr("请联系运维人员"));
  ASSERT_GT(refusing_codes().size(), 100U);
  for (const std::string& code : refusing_codes()) {
    EXPECT_NE(told(code), last) << code;
    EXPECT_THAT(told(code), Not(HasSubstr("{"))) << code;
  }
}

TEST(Sentences, EachSaysWhatToDo) {
  for (const auto& [code, sentence] : shipped().sentences) {
    if (code == "intake.classified") continue;  // nothing is to be done
    EXPECT_THAT(sentence, HasSubstr("请")) << code;
    EXPECT_TRUE(sentence.ends_with("。")) << code;
    EXPECT_THAT(sentence, AnyOf(HasSubstr("重新推送缮证事件"), HasSubstr("重新推送事件"),
                                HasSubstr("联系运维人员"), HasSubstr("新的缮证事件"),
                                HasSubstr("按其中的提示处理")))
        << code;
  }
}

struct Names {
  const char* code;
  const char* field;
};

// Code and the column that is wrong when it comes up; {field} stands for the place in the error.
constexpr Names kNames[] = {{"citizen_id.shape", "mw_case_party.zjh，第1行"},
                            {"citizen_id.date", "mw_case_party.zjh，第1行"},
                            {"citizen_id.check_digit", "mw_case_party.zjh，第1行"},
                            {"credit_code.shape", "mw_case_party.zjh，第1行"},
                            {"credit_code.check_digit", "mw_case_party.zjh，第1行"},
                            {"holder_code.empty", "mw_case_party.zjh，第1行"},
                            {"holder_code.type", "mw_case_party.zjzl"},
                            {"share.shape", "权利比例"},
                            {"share.range", "权利比例"},
                            {"unit_code.length", "28位"},
                            {"unit_code.ownership", "宗地特征码"},
                            {"certificate_number.shape", "证号"},
                            {"identifier.shape", "证号"},
                            {"registration.holder_name", "姓名或名称"},
                            {"registration.date", "日期"},
                            {"registration.image", "附图"},
                            {"registration.unmapped_code", "对照表"},
                            {"registration.unmapped_event", "mw_case_outbox.djlx"},
                            {"registration.certificate_kind", "证书种类"},
                            {"registration.issuer_unknown", "登记机构"},
                            {"registration.records_refused", "UTF-8"},
                            {"ofd_compose.picture", "mw_cert_image.content"},
                            {"ofd_compose.no_glyph", "mw_case_party.xm"},
                            {"ofd_compose.too_long", "mw_case_right.fj"},
                            {"content.too_large", "mw_cert_image.content"},
                            {"municipal.different", "mw_case_cert.cert_no"},
                            {"municipal.holder_type", "mw_case_party.zjzl"},
                            {"validation.dates.order", "mw_case_right.djsj"},
                            {"validation.face.complete", "mw_case_right.zl"},
                            {"validation.face.required", "mw_case_right.zl"},
                            {"validation.holder.distinct", "mw_case_party.xm"},
                            {"validation.holder.present", "mw_case_party.xm"},
                            {"validation.holding.holders", "mw_case_party.gyfs"},
                            {"validation.issuer.listed", "mw_case_outbox.area_code"},
                            {"validation.issuer.number-word", "mw_case_cert.cert_no"},
                            {"validation.number.kind", "mw_case_cert.cert_kind"},
                            {"validation.number.strict", "七位"},
                            {"validation.number.void-mark", "作废"},
                            {"validation.number.year", "年份"},
                            {"validation.obligor.present", "mw_case_party.role"},
                            {"validation.organisation.inner-check", "mw_case_party.zjh"},
                            {"validation.right.current", "mw_case_right.qszt"},
                            {"validation.shares.given", "没有都填写权利比例"},
                            {"validation.shares.sum", "之和不等于1"},
                            {"validation.text.clean", "控制字符"},
                            {"validation.unit.area", "mw_case_right.unit_no"},
                            {"validation.unit.present", "没有不动产单元号"},
                            {"validation.unit.right-type", "mw_case_right.right_type"},
                            {"validation.unit.strict", "mw_case_right.unit_no"}};

TEST(Sentences, NameTheFieldOfTheRegistrationTables) {
  for (const Names& expected : kNames) {
    EXPECT_THAT(told(expected.code), HasSubstr(expected.field)) << expected.code;
  }
  for (const auto& [rule, meaning] : known_rules()) {
    if (rule == "identifier.matches" || rule == "status.issued") continue;  // not of the tables
    EXPECT_THAT(told("validation." + rule), HasSubstr("mw_c")) << rule;
  }
}

TEST(Sentences, ThePlaceIsTakenFromTheErrorAndNeverTheValue) {
  EXPECT_EQ(place_for_clerks("mw_case_right row 2, column djsj: not a day (19 characters)"),
            "mw_case_right.djsj，第2行");
  EXPECT_EQ(place_for_clerks("asking for the case: sql.text: query parties row 1, column xm: no"),
            "parties.xm，第1行");
  EXPECT_EQ(place_for_clerks("holders: there is no holder"), "登记信息");
}

}  // namespace
}  // namespace certbridge::registration
