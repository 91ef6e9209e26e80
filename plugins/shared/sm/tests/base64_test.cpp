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

// Decoded piece by piece, cut into pieces of `size`; nothing when it is refused.
std::optional<std::string> in_pieces(std::string_view text, std::size_t size) {
  Base64Decoder decoder;
  std::string bytes;
  bool taken = true;
  for (std::size_t i = 0; i < text.size(); i += size)
    taken = decoder.decode(text.substr(i, size), bytes) && taken;
  return taken && decoder.finish() ? std::optional(bytes) : std::nullopt;
}

TEST(Base64, PiecesAreDecodedAsTheWhole) {
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    all.push_back(static_cast<char>(i * 7));
    for (const std::size_t size : {1U, 2U, 3U, 5U, 64U})
      ASSERT_EQ(in_pieces(base64_encode(all), size), all) << all.size() << " in pieces of " << size;
  }
  EXPECT_EQ(in_pieces("Zm9v\r\nYmFy\n", 3), "foobar");
}

TEST(Base64, PiecesAreRefusedAsTheWhole) {
  for (const char* wrong :
       {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9=", "Zg==Zg==", "Zm-v", "Zm9v Zm9v", "Zg=\xff="}) {
    for (const std::size_t size : {1U, 3U, 64U}) EXPECT_FALSE(in_pieces(wrong, size)) << wrong;
  }
}

}  // namespace
}  // namespace certbridge::sm
