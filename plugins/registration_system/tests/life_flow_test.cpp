// What is booked about certificates that are there, on the tables and with the files that are
// shipped.
#include <gmock/gmock.h>

#include "flow_world.h"

namespace certbridge::registration {
namespace {

using sql::Backend;
using ::testing::HasSubstr;

constexpr const char* kTitle = "豫（2026）镇平县不动产权第0000123号";
constexpr const char* kProof = "豫（2026）镇平县不动产证明第0000007号";

class LifeFlow : public ::testing::TestWithParam<Backend>, public testing::FlowWorld {
 protected:
  LifeFlow() : FlowWorld(GetParam(), testing::intermediate_files()) {}

  Result<std::vector<Message>> booked(const std::string& event_type, const std::string& type,
                                      const std::string& sub_type, const std::string& right,
                                      const std::string& numbers) {
    run("UPDATE mw_case_right SET prev_certs = '" + numbers + "'");
    Message message = event_ ? *event_ : *(event_ = event());
    message.headers["event-type"] = event_type;
    message.headers["registration-type"] = type;
    message.headers["registration-sub-type"] = sub_type;
    message.headers["right-type"] = right;
    return read(message);
  }
  std::vector<std::string> events(const Result<std::vector<Message>>& made) {
    EXPECT_TRUE(made.ok()) << (made ? "" : made.error().message);
    std::vector<std::string> found;
    for (const Message& message : made ? made.value() : std::vector<Message>{}) {
      EXPECT_EQ(message.type, "certificate.event");
      const auto kind = message.headers.find("restriction-kind");
      found.push_back(message.headers.at("life-event") +
                      (kind == message.headers.end() ? "" : " " + kind->second));
    }
    return found;
  }
  std::optional<Message> event_{};
};

using Words = std::vector<std::string>;

TEST_P(LifeFlow, ASeizureNamesItsCaseAuthorityAndCertificate) {
  run("UPDATE mw_case_right SET xz_jg = '镇平县人民法院'");
  const auto made = booked("DENGBU", "800", "8000101", "98", kTitle);
  ASSERT_EQ(events(made), Words{"restrict seizure"});
  const Message& message = made.value()[0];
  EXPECT_EQ(message.headers.at("life-reason"), "查封");
  EXPECT_EQ(message.headers.at("restriction-case"), "20261124000001");
  EXPECT_EQ(message.headers.at("restriction-authority"), "镇平县人民法院");
  EXPECT_EQ(message.headers.at("type-code"), kTitleTypeCode);
  EXPECT_EQ(message.order_keys.back(),
            certificate_key(kTitleTypeCode, "豫(2026)镇平县不动产权第0000123号",
                            message.headers.at("issuer-code")));
  EXPECT_EQ(message.body, nullptr) << "a row about people goes no further";
}

TEST_P(LifeFlow, AnEventOfACertificateIsKeptInOrderWithTheUnitsOfTheRightsThatNameIt) {
  const OrderKey first{"unit", "411324001001GB00001F00010002"};
  const OrderKey second{"unit", "411324001001GB00001F00010003"};
  event_ = event();
  event_->order_keys = {{"case", "20261124000001"}, {"unit", "of another"}, first};
  run("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djjg, djsj) SELECT "
      "'X2', case_no, '" +
      second.value + "', right_type, djlx, djjg, djsj FROM mw_case_right");
  const auto made = booked("DENGBU", "800", "8000101", "98", kTitle);
  ASSERT_EQ(events(made), Words{"restrict seizure"});
  EXPECT_THAT(made.value()[0].order_keys,
              ::testing::UnorderedElementsAre(
                  OrderKey{"case", "20261124000001"}, first, second,
                  certificate_key(kTitleTypeCode, "豫(2026)镇平县不动产权第0000123号",
                                  made.value()[0].headers.at("issuer-code"))));
}

TEST_P(LifeFlow, CertificatesOfTheCaseThatAreNotFinalDoNotHoldItUp) {
  run("UPDATE mw_case_cert SET szsj = NULL");
  EXPECT_EQ(events(booked("DENGBU", "100", "", "37", kTitle)), Words{"restrict mortgage"});
}

TEST_P(LifeFlow, AReleaseNamesTheCaseOfTheRestrictionThatItEnds) {
  const auto nameless = booked("DENGBU", "800", "8000201", "98", kTitle);
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().code, "registration.restriction_case");
  EXPECT_THAT(nameless.error().message, HasSubstr("mw_case_right row 1, column xz_ywh"));
  run("UPDATE mw_case_right SET xz_ywh = 'CF-1'");
  const auto made = booked("DENGBU", "800", "8000201", "98", kTitle);
  ASSERT_EQ(events(made), Words{"release seizure"});
  EXPECT_EQ(made.value()[0].headers.at("restriction-case"), "CF-1");
}

TEST_P(LifeFlow, EndingAMortgageReleasesTheTitleAndCancelsTheProof) {
  run("UPDATE mw_case_right SET xz_ywh = 'DY-1'");
  const std::string both = std::string(kTitle) + "," + kProof + "、" + kTitle;
  EXPECT_EQ(events(booked("DENGBU", "400", "", "37", both)), (Words{"release mortgage", "cancel"}));
  EXPECT_EQ(events(booked("DENGBU", "100", "", "37", both)), Words{"restrict mortgage"})
      << "a proof is not mortgaged";
}

TEST_P(LifeFlow, ANumberOfAnOlderFormIsATitleOfNoType) {
  const auto made = booked("ZHUXIAO", "400", "", "4", "宛市房权证字第20010001号");
  ASSERT_EQ(events(made), Words{"cancel"});
  EXPECT_EQ(made.value()[0].headers.at("type-code"), "");
  EXPECT_EQ(made.value()[0].headers.at("certificate-number"), "宛市房权证字第20010001号");
}

TEST_P(LifeFlow, WhatIsNotMappedOrNamesNothingIsForAPerson) {
  EXPECT_EQ(booked("DENGBU", "800", "8009999", "98", kTitle).error().code,
            "registration.unmapped_event");
  EXPECT_EQ(booked("DENGBU", "800", "8000101", "98", "无").error().code,
            "registration.no_certificate");
  EXPECT_TRUE(booked("DENGBU", "100", "", "4", kTitle).value().empty());
}

TEST_P(LifeFlow, WhereTheRightHasPassedTheEarlierTitlesEndWhenThatIsBooked) {
  const std::string several =
      std::string(kTitle) + "、豫（2026）镇平县不动产权第0000124号," + kProof;
  const auto made = booked("DENGBU", "200", "", "4", several);
  ASSERT_EQ(events(made), (Words{"cancel", "cancel"})) << "the proof is no earlier title";
  EXPECT_EQ(made.value()[0].headers.at("change-policy"), "at-booking");
  EXPECT_EQ(made.value()[0].headers.at("life-reason"), "转移登记");
  EXPECT_EQ(made.value()[1].order_keys.back().value.find("豫(2026)镇平县不动产权第0000124号") !=
                std::string::npos,
            true)
      << made.value()[1].order_keys.back().value;
  EXPECT_EQ(events(booked("DENGBU", "200", "", "37", several)), Words{"cancel"})
      << "of a mortgage that has passed only the proof";
  EXPECT_TRUE(booked("DENGBU", "200", "", "4", "无").value().empty()) << "none is named";
}

TEST_P(LifeFlow, AReplacementEndsNothingWhenItIsBooked) {
  for (const char* type : {"300", "500", "900"}) {
    EXPECT_TRUE(booked("DENGBU", type, "", "4", kTitle).value().empty()) << type;
  }
}

TEST_P(LifeFlow, ACertificateSaysWhatBecomesOfThoseBeforeItAndWhenItsTermEnds) {
  run("UPDATE mw_case_right SET prev_certs = '" + std::string(kTitle) +
      "', syqx_js = '2088-05-31 00:00:00'");
  Message issue = event();
  issue.headers["registration-type"] = "500";
  auto made = read(issue);
  ASSERT_TRUE(made.ok()) << made.error().message;
  ASSERT_EQ(made.value().size(), 1u);
  EXPECT_EQ(made.value()[0].headers.at("change-policy"), "after-collection");
  EXPECT_EQ(made.value()[0].headers.at("change-reason"), "更正换证");
  EXPECT_EQ(made.value()[0].headers.at("term-ends-on"), "2088-05-31");
  run("UPDATE mw_case_right SET syqx_qs = NULL, syqx_js = NULL");
  issue.headers["registration-type"] = "100";
  made = read(issue);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_FALSE(made.value()[0].headers.contains("change-policy"));
  EXPECT_FALSE(made.value()[0].headers.contains("term-ends-on")) << "it has none";
}

TEST_P(LifeFlow, WhereARightNamesNoneTheCaseBeforeIsAsked) {
  const std::string earlier = value("SELECT case_id FROM mw_case_right");
  run("UPDATE mw_case_cert SET cert_no = '" + std::string(kTitle) + "', status = 1");
  Message booking = event();
  booking.headers["event-type"] = "DENGBU";
  booking.headers["registration-type"] = "200";
  booking.headers["right-type"] = "4";
  booking.headers["previous-case-id"] = earlier;
  const auto made = read(booking);
  ASSERT_EQ(events(made), Words{"cancel"});
  EXPECT_EQ(made.value()[0].headers.at("certificate-number"), kTitle);
  run("UPDATE mw_case_cert SET status = 0");
  EXPECT_TRUE(read(booking).value().empty()) << "those that were withdrawn are none";
}

TEST_P(LifeFlow, WhatBecameOfItIsWrittenBack) {
  Message status = booked("YISHI", "900", "", "4", kTitle).value().at(0);
  status.id = "m9/0";
  status.type = "certificate.status";
  status.headers["life-effect"] = "not-held";
  ASSERT_TRUE(report(status));
  EXPECT_THAT(value("SELECT sentence FROM mw_cert_result WHERE stage = 'not_held'"),
              HasSubstr("无须处理"));
  status.id = "m9/1";
  status.headers["life-effect"] = "changed";
  call_.earlier = {{"library", "library", "delivered", "L1", {}, {}, clock_.now()}};
  ASSERT_TRUE(report(status));
  EXPECT_EQ(value("SELECT library_id FROM mw_cert_result WHERE stage = 'changed'"), "L1");
  status.id = "m9/2";
  call_.earlier[0].state = "not-held";
  call_.earlier[0].error_code = kCodeNotHeld;
  ASSERT_TRUE(report(status));
  EXPECT_EQ(value("SELECT code FROM mw_cert_result WHERE result_key = 'm9/2:not_held'"),
            kCodeNotHeld);
}

TEST(LifeMapping, RefusesWhatMakesNoSense) {
  const std::string file = testing::intermediate_files().mapping;
  const std::string text = testing::read_source(file);
  const std::string row = R"(<event type="YISHI" action="lose" reason="遗失"/>)";
  const auto at = text.find(row);
  ASSERT_NE(at, std::string::npos);
  for (const char* wrong :
       {R"(<event type="YISHI" action="expire"/>)", R"(<event type="YISHI" action="restrict"/>)",
        R"(<event type="YISHI" action="restrict" restriction="lien"/>)",
        R"(<event type="YISHI" action="lose" restriction="seizure"/>)",
        R"(<event type="YISHI" action="lose" on="both"/>)",
        R"(<change registration="200" earlier="later"/>)", R"(<change registration="200"/>)",
        R"(<change registration="200" earlier="stay" on="all"/>)",
        R"(<earlier-case group="earlier" parameter="case_id" header="x" query="q"/>)"}) {
    const auto mapping = parse_mapping(std::string(text).replace(at, row.size(), wrong), "m.xml");
    ASSERT_FALSE(mapping) << wrong;
    EXPECT_EQ(mapping.error().code, "registration.mapping");
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, LifeFlow,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql),
                         [](const auto& backend) {
                           return backend.param == Backend::kSqlite ? "Sqlite" : "Postgresql";
                         });

}  // namespace
}  // namespace certbridge::registration
