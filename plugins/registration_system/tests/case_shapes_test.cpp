// Cases of every shape: shares, several units, proofs, plans, late parties, counted serials.
#include <gmock/gmock.h>

#include "flow_world.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CaseShapes : public ::testing::TestWithParam<Backend>, public testing::FlowWorld {
 protected:
  CaseShapes() : FlowWorld(GetParam(), testing::intermediate_files()) {}

  void add_right(const std::string& id, const std::string& unit, const std::string& place) {
    run("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, zl, djjg, djsj, "
        "qszt) "
        "VALUES ('" +
        id + "', '20261124000001', '" + unit + "', '4', '200', '" + place +
        "', '镇平县自然资源局', '2026-11-24 09:00:00', '1')");
    run("INSERT INTO mw_cert_item (cert_id, case_id) VALUES ('Z1', '" + id + "')");
  }
  void add_party(int order, const std::string& name, const std::string& code) {
    run("INSERT INTO mw_case_party (case_no, role, sxh, xm, zjzl, zjh, gyfs) VALUES "
        "('20261124000001', '1', " +
        std::to_string(order) + ", '" + name + "', '3', '" + code + "', '1')");
  }
  void make_it_a_mortgage() {
    run("UPDATE mw_case_cert SET cert_kind = '2', cert_no = "
        "'豫（2026）镇平县不动产证明第0000045号'");
    run("UPDATE mw_case_right SET right_type = '37', djlx = '100', zmqlsx = '抵押权', dyfs = '1', "
        "bdbzqse = 500000, zwlxqx_qs = '2026-11-01 00:00:00', zwlxqx_js = '2046-10-31 00:00:00', "
        "prev_certs = '豫（2020）镇平县不动产权第0000009号'");
    run("UPDATE mw_case_party SET gyfs = '0'");
    run("UPDATE mw_case_party SET role = '2' WHERE sxh = 2");
    run("UPDATE mw_case_outbox SET djlx = '100', qllx = '37'");
  }
  void add_image(const std::string& base64) {
    run("INSERT INTO mw_cert_image (cert_id, sxh, media_type, content) VALUES ('Z1', 1, "
        "'image/png', '" +
        base64 + "')");
  }
};

TEST_P(CaseShapes, SharesStandWithTheirHolders) {
  run("UPDATE mw_case_party SET gyfs = '2', qlbl = '60%' WHERE sxh = 1");
  run("UPDATE mw_case_party SET gyfs = '2', qlbl = '２/5' WHERE sxh = 2");
  const auto made = certificates();
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].holding, Holding::kByShares);
  ASSERT_EQ(made[0].holders.size(), 2U);
  EXPECT_EQ(made[0].holders[0].share->numerator() * 5, made[0].holders[0].share->denominator() * 3);
  EXPECT_EQ(made[0].holders[1].share->numerator() * 5, made[0].holders[1].share->denominator() * 2);
}

TEST_P(CaseShapes, FiveJointHoldersKeepTheirOrderAndHaveNoShares) {
  add_party(5, "测试戊", "E00000005");
  add_party(3, "测试丙", "E00000003");
  add_party(4, "测试丁", "E00000004");
  const auto made = certificates();
  ASSERT_EQ(made.size(), 1U);
  std::vector<std::string> names;
  for (const Holder& holder : made[0].holders) {
    names.push_back(holder.name);
    EXPECT_FALSE(holder.share);
  }
  EXPECT_EQ(made[0].holding, Holding::kJoint);
  EXPECT_THAT(names, ElementsAre("测试甲", "测试乙", "测试丙", "测试丁", "测试戊"));
}

TEST_P(CaseShapes, ThreeUnitsAreOneCertificate) {
  add_right("X2", "411324001001GB00001F00010003", "镇平县测试路1号1幢1403室");
  add_right("X3", "411324001001GB00001F00010004", "镇平县测试路1号1幢1402室");
  auto made = read(event());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made.value().size(), 1U);
  const auto one = parse_certificate(read_all(*made.value()[0].body, 100'000).value()).value();
  EXPECT_EQ(one.units.size(), 3U);
  EXPECT_EQ(one.face_value("KZ_ZL"), "镇平县测试路1号1幢1402室；镇平县测试路1号1幢1403室")
      << "the same text stands once";
  EXPECT_THAT(made.value()[0].order_keys,
              ::testing::Contains(OrderKey{"unit", "411324001001GB00001F00010004"}));
}

TEST_P(CaseShapes, ACertificateIsKeptInOrderWithItsOwnUnitsOnly) {
  Message many = event();
  const OrderKey own{"unit", "411324001001GB00001F00010002"};
  const OrderKey of_another{"unit", "411324001001GB00001F00010009"};
  many.order_keys = {{"case", "20261124000001"}, of_another, own};
  const auto made = read(many);
  ASSERT_TRUE(made) << made.error().message;
  const auto& keys = made.value().at(0).order_keys;
  EXPECT_THAT(keys, ::testing::Contains(OrderKey{"case", "20261124000001"}));
  EXPECT_THAT(keys, ::testing::Contains(own));
  EXPECT_THAT(keys, ::testing::Not(::testing::Contains(of_another)));
}

TEST_P(CaseShapes, AMortgageIsAProofWithItsObligor) {
  make_it_a_mortgage();
  const auto made = certificates();
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].kind, CertificateKind::kProof);
  ASSERT_EQ(made[0].holders.size(), 1U);
  ASSERT_EQ(made[0].obligors.size(), 1U);
  EXPECT_EQ(made[0].obligors[0].name, "测试乙");
  EXPECT_EQ(made[0].face_value("KZ_ZMQLSX"), "抵押权");
  EXPECT_THAT(made[0].face_value("KZ_QT"), HasSubstr("抵押方式：一般抵押\n担保债权的数额：500000"));
  EXPECT_THAT(made[0].face_value("KZ_QT"),
              HasSubstr("债务履行期限：2026年11月01日起2046年10月31日止"));
  EXPECT_EQ(made[0].face_value("KZ_QLLX"), "") << "an item of titles";
  EXPECT_EQ(made[0].previous_numbers.size(), 1U);
}

TEST_P(CaseShapes, APlanIsAnAttachment) {
  const std::string png = "iVBORw0KGgpwbGFu";  // the signature of PNG and "plan"
  add_image(png.substr(0, 8) + "\n" + png.substr(8));
  auto made = read(event());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made.value().at(0).attachments.size(), 1U);
  const Attachment& plan = made.value()[0].attachments[0];
  EXPECT_EQ(plan.name, "plan-1.png");
  EXPECT_EQ(plan.media_type, "image/png");
  EXPECT_EQ(read_all(*plan.content, 100).value(), "\x89PNG\r\n\x1a\nplan");
}

TEST_P(CaseShapes, ABrokenPlanIsRefused) {
  add_image("x");
  const Message message = event();
  for (const char* broken : {"no Base64 at all!", "iVBORw0KGgpwbGF", "R0lGODlhAQABAA==", "===="}) {
    run(std::string("UPDATE mw_cert_image SET content = '") + broken + "'");
    auto made = read(message);
    ASSERT_FALSE(made) << broken;
    EXPECT_EQ(made.error().code, "registration.image") << made.error().message;
    EXPECT_THAT(made.error().message, ::testing::Not(HasSubstr(broken)));
  }
}

TEST_P(CaseShapes, PartiesMayComeALittleLater) {
  run("UPDATE mw_case_party SET case_no = 'elsewhere'");
  Message message = event();
  message.created = clock_.now();
  auto early = read(message);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, "registration.incomplete");
  EXPECT_EQ(early.error().severity, Severity::kRetryable);
  clock_.advance(std::chrono::seconds(11));
  auto late = read(message);
  ASSERT_TRUE(late) << "after the grace the holders are missing, which validation refuses";
  EXPECT_TRUE(
      parse_certificate(read_all(*late.value()[0].body, 100'000).value()).value().holders.empty());
  run("UPDATE mw_case_party SET case_no = '20261124000001'");
  EXPECT_EQ(parse_certificate(read_all(*read(message).value()[0].body, 100'000).value())
                .value()
                .holders.size(),
            2U);
}

TEST_P(CaseShapes, SomeOfTheRowsAreNotTheCase) {
  struct Partial {
    const char* statement;
    const char* why;
  };
  const Partial all[] = {
      {"UPDATE mw_case_party SET role = '2'", "obligors came before the holders"},
      {"UPDATE mw_case_party SET gyfs = '2', qlbl = CASE sxh WHEN 1 THEN '1/2' ELSE '1/3' END",
       "the third by shares is not there"},
      {"UPDATE mw_case_party SET gyfs = '0', cert_id = CASE sxh WHEN 1 THEN 'Z1' ELSE 'Z2' END",
       "the second certificate is not there"}};
  Message message = event();
  message.created = clock_.now();
  for (const Partial& partial : all) {
    run(partial.statement);
    auto early = read(message);
    ASSERT_FALSE(early) << partial.why;
    EXPECT_EQ(early.error().code, "registration.incomplete") << early.error().message;
  }
  run("UPDATE mw_case_party SET cert_id = NULL, qlbl = NULL, gyfs = '1', role = '1'");
  EXPECT_TRUE(read(message));
}

TEST_P(CaseShapes, AFillerInPlaceOfTheHolderIsNotWaitedFor) {
  run("UPDATE mw_case_party SET xm = '/', zjzl = NULL, zjh = '/'");
  Message message = event();
  message.created = clock_.now();
  auto made = read(message);
  ASSERT_TRUE(made) << "validation refuses it at once";
}

TEST_P(CaseShapes, ACountedSerialStaysWithItsCertificateAndLeavesNoGap) {
  serial_ = SerialStrategy::kCounter;
  const Message message = event();
  const auto identifier = [&] {
    const Message made = read(message).value().at(0);
    return parse_certificate(read_all(*made.body, 100'000).value()).value().identifier;
  };
  EXPECT_EQ(identifier().serial(), "4113240000000001");
  EXPECT_EQ(identifier().serial(), "4113240000000001") << "the same step again";
  memory_.commit(call_.step_key);
  call_.step_key = "m2/read";
  run("UPDATE mw_case_right SET fj = '更正'");
  EXPECT_EQ(identifier().serial(), "4113240000000001") << "another version of the same number";
  EXPECT_EQ(identifier().version(), 2);
  memory_.commit(call_.step_key);
  call_.step_key = "m3/read";
  run("UPDATE mw_case_cert SET cert_no = '豫（2026）镇平县不动产权第0000777号'");
  EXPECT_EQ(identifier().serial(), "4113240000000002") << "no gap";
}

INSTANTIATE_TEST_SUITE_P(Databases, CaseShapes,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) {
                           return backend.param == Backend::kSqlite ? "Sqlite" : "Postgresql";
                         });

}  // namespace
}  // namespace certbridge::registration
