#include "certbridge/issuer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace certbridge {
namespace {

std::string shipped() {
  std::ifstream file(CERTBRIDGE_SOURCE_DIR "/config/issuers.xml");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

TEST(Issuers, ShippedDirectory) {
  const auto issuers = parse_issuers(shipped(), "issuers.xml");
  ASSERT_TRUE(issuers.ok()) << issuers.error().message;
  ASSERT_EQ(issuers.value().all().size(), 4U);
  const Issuer* city = issuers.value().by_code("11411300MB1T000091");
  ASSERT_NE(city, nullptr);
  EXPECT_EQ(city->name, "南阳市自然资源和规划局");
  EXPECT_EQ(city, issuers.value().by_area("411300"));
  EXPECT_EQ(city, issuers.value().by_name(city->name));
  EXPECT_EQ(city->seals.at(0).type_codes.size(), 2U);
  EXPECT_EQ(issuers.value().by_code("x"), nullptr);
}

TEST(Issuers, RefusalsNamePlaceAndReason) {
  const std::string one =
      "\n<issuer name=\"甲\" code=\"11411300MB1T000091\" area=\"411300\" number-word=\"甲\""
      " province-word=\"豫\" environment=\"sandbox\"/>";
  const auto refused = [](const std::string& inside) {
    return parse_issuers("<issuers xmlns=\"urn:certbridge:issuers:1\">" + inside + "</issuers>",
                         "i.xml");
  };
  const auto changed = [&one](const std::string& from, const std::string& to) {
    std::string text = one;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_TRUE(refused(one).ok());
  const auto twice = refused(one + one);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, "issuers.duplicate");
  EXPECT_EQ(twice.error().message.rfind("i.xml:3:", 0), 0U) << twice.error().message;
  EXPECT_EQ(refused(changed("000091", "000092")).error().code, "issuers.code");
  EXPECT_EQ(refused(changed("411300\" n", "41130\" n")).error().code, "issuers.shape");
  EXPECT_EQ(refused(changed("sandbox", "test")).error().code, "issuers.shape");
  EXPECT_EQ(refused(changed("province-word", "provinceword")).error().code, "issuers.shape");
}

}  // namespace
}  // namespace certbridge
