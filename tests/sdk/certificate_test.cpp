#include "certbridge/certificate.h"

#include <gtest/gtest.h>

#include "sample_certificate.h"

namespace certbridge {
namespace {

TEST(Certificate, RoundTripIsByteEqual) {
  Certificate it = sample_certificate();
  it.effective_from = std::chrono::year(2026) / 6 / 1;
  it.expires_on = std::chrono::year(2090) / 5 / 31;
  it.held_separately = true;
  it.status.reason = "补证 \"<&>'";
  const std::string xml = write_certificate(it);
  const auto read = parse_certificate(xml);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_certificate(read.value()), xml);
  EXPECT_TRUE(read.value().held_separately);
  EXPECT_FALSE(parse_certificate(write_certificate(sample_certificate())).value().held_separately);
  EXPECT_EQ(read.value().holders[0].name, "𠮷某");
  EXPECT_EQ(read.value().face_value("KZ_QLQTZK"), "专有建筑面积80㎡\n分摊20㎡");
  EXPECT_EQ(read.value().face_value("KZ_FJ"), "");
  EXPECT_EQ(read.value().expires_on, it.expires_on);
  EXPECT_EQ(read.value().status.since, it.status.since);
}

TEST(Certificate, OrderKey) {
  const OrderKey key = certificate_order_key(sample_certificate());
  EXPECT_EQ(key.kind, "certificate");
  EXPECT_EQ(key.value,
            std::string(kTitleTypeCode) + "|豫(2026)南阳市不动产权第0000001号|11411300MB1T000091");
}

std::string spoiled(const std::string& from, const std::string& to) {
  std::string xml = write_certificate(sample_certificate());
  const auto at = xml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return xml.replace(at, from.size(), to);
}

TEST(Certificate, RefusalsNameTheField) {
  struct Case {
    const char* from;
    const char* to;
    const char* code;
    const char* names;
  };
  for (const Case& c : {
           Case{"kind=\"title\"", "kind=\"deed\"", "certificate.value", "kind"},
           Case{"holding=\"shares\"", "holding=\"shares\" held-separately=\"no\"",
                "certificate.value", "held-separately"},
           Case{"issued-on=\"2026-06-01\"", "issued-on=\"0001-01-01\"", "certificate.value",
                "issued-on"},
           Case{"issued-on=\"2026-06-01\"", "issued-on=\"2026-02-30\"", "certificate.value",
                "issued-on"},
           Case{"issued-on=\"2026-06-01\"", "", "certificate.shape", "issued-on"},
           Case{"11010519491231002X", "110105194912310021", "certificate.value", "holders[1].code"},
           Case{"share=\"2/3\"", "share=\"4/3\"", "certificate.value", "holders[2].share"},
           Case{"F00010002", "F0001000", "certificate.value", "units[1]"},
           Case{"<status", "<statute", "certificate.shape", "statute"},
           Case{"<face key=\"KZ_ZL\"", "<face key=\"KZ_YT\"", "certificate.shape", "KZ_YT"},
           Case{"<face key=\"KZ_ZL\"", "<face key=\"ZL\"", "certificate.value", "face"},
           Case{"case-no=", "case-number=", "certificate.shape", "case-no"},
           Case{"area=\"411300\"", "area=\"4113\"", "certificate.value", "area"},
           Case{"urn:certbridge:certificate:1", "urn:certbridge:certificate:2", "certificate.shape",
                "root"},
       }) {
    const auto read = parse_certificate(spoiled(c.from, c.to));
    ASSERT_FALSE(read.ok()) << c.to;
    EXPECT_EQ(read.error().code, c.code) << c.to;
    EXPECT_NE(read.error().message.find(c.names), std::string::npos) << read.error().message;
    EXPECT_EQ(read.error().message.find("110105"), std::string::npos) << "personal data";
  }
}

}  // namespace
}  // namespace certbridge
