#include "catalogue/own_types.h"

#include <gmock/gmock.h>

#include "catalogue/catalogue_files.h"

namespace certbridge::host {
namespace {

using ::testing::HasSubstr;

const std::string kOwn = std::string(CERTBRIDGE_SOURCE_DIR) + "/config/catalogue/own";

TEST(OwnTypes, WhatShipsIsBothTypesOfRealEstate) {
  ConfigurationErrors errors;
  const auto types = read_own_types(kOwn, errors);
  ASSERT_TRUE(types) << to_text(errors.front());
  ASSERT_EQ(types->all().size(), 2U);
  for (const char* code : {kTitleTypeCode, kProofTypeCode}) {
    const CertificateType* type = types->by_code(code);
    ASSERT_NE(type, nullptr) << code;
    EXPECT_TRUE(type->versions.front().several_instances) << "an owner may own two flats";
    EXPECT_TRUE(type->versions.front().several_holders);
  }
  EXPECT_EQ(types->by_code("11100000MB03271699002"), nullptr);
}

TEST(OwnTypes, WhatIsWrongIsSaidWithItsPlace) {
  ConfigurationErrors errors;
  EXPECT_FALSE(read_own_type(
      "<certificate-type xmlns=\"urn:certbridge:certificate-type:1\" code=\"1\" name=\"a\">\n"
      "<version number=\"1\" state=\"new\" effective=\"2026-01-01T00:00:00\"/>"
      "</certificate-type>",
      "a.xml", errors));
  ASSERT_GE(errors.size(), 3U) << "all of it at once";
  EXPECT_THAT(to_text(errors[0]), HasSubstr("a.xml:1:"));
  EXPECT_THAT(to_text(errors[0]), HasSubstr("21 characters"));
  EXPECT_THAT(to_text(errors[1]), HasSubstr("a.xml:2:"));
  EXPECT_THAT(to_text(errors[1]), HasSubstr("`submitted`"));
}

TEST(OwnTypes, WhatTheSchemaCannotSayIsSaidAsWell) {
  ConfigurationErrors errors;
  const std::string version =
      "<version number=\"1\" state=\"draft\" effective=\"2026-01-01T00:00:00\"><unit "
      "code=\"11411300MB1T000099\" name=\"a\"/><item code=\"1\" name=\"a\"/><holders "
      "class=\"both\" several=\"yes\"/><instances several=\"yes\"/><validity kind=\"term\"/>"
      "<template name=\"a\"/><sharing class=\"none\"/></version>";
  EXPECT_FALSE(
      read_own_type("<certificate-type xmlns=\"urn:certbridge:certificate-type:1\" "
                    "code=\"11100000MB03271699001\" name=\"a\">" +
                        version + "</certificate-type>",
                    "a.xml", errors));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].line, 1);
  EXPECT_THAT(to_text(errors[0]), HasSubstr("unified social credit code"));
}

}  // namespace
}  // namespace certbridge::host
