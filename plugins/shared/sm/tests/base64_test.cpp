#include "certbridge_sm/base64.h"

#include <gtest/gtest.h>

namespace certbridge::sm {
namespace {

TEST(Base64, VectorsOfTheStandard) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(base64_encode(plain), text);
    EXPECT_EQ(base64_decode(text), plain);
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(base64_decode(base64_encode(all)), all);
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  for (const char* wrong :
       {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9=", "Zm9v\n", "Zg==Zg==", "Zm-v", "Zm9v Zm9v"}) {
    EXPECT_FALSE(base64_decode(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace certbridge::sm
