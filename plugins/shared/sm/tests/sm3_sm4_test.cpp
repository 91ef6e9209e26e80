#include <gtest/gtest.h>

#include "certbridge_sm/sm3.h"
#include "certbridge_sm/sm4.h"
#include "hex.h"

namespace certbridge::sm {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

struct Sm3Vector {
  std::string input;
  const char* digest;
};

TEST(Sm3, PublishedVectors) {
  const Sm3Vector vectors[] = {
      {"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
      {"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
      {repeated("abcd", 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
      {std::string(1'000'000, 'a'),
       "c8aaf89429554029e231941a2acc0ad61ff2a5acd8fadd25847a3a732b3b02c3"},
  };
  for (const Sm3Vector& vector : vectors) EXPECT_EQ(to_hex(sm3(vector.input)), vector.digest);
}

TEST(Sm3, PiecesGiveTheSameAsTheWholeAndFinishStartsAnew) {
  Sm3 digest;
  const std::string text = repeated("certificate", 1000);
  for (std::size_t i = 0; i < text.size(); i += 37)
    digest.update(std::string_view(text).substr(i, 37));
  EXPECT_EQ(digest.finish(), sm3(text));
  digest.update("abc");
  EXPECT_EQ(digest.finish(), sm3("abc"));
}

TEST(Sm3, ContentIsReadInPieces) {
  const std::string text(200'000, 'x');
  auto digest = sm3_of(*content_of(text));
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(digest.value(), sm3(text));
}

// RFC 2104 written out by hand: the key is shorter than the block of 64 bytes.
TEST(Sm3, HmacIsThatOfRfc2104) {
  const std::string key = "key of the application";
  std::string inner(64, '\x36');
  std::string outer(64, '\x5c');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const Sm3Digest first = sm3(inner + "message");
  EXPECT_EQ(hmac_sm3(key, "message"), sm3(outer + std::string(bytes_of(first))));
}

TEST(Sm3, ComparisonSeesLengthAndBytes) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("same", "same"));
  EXPECT_FALSE(constant_time_equal("same", "samE"));
  EXPECT_FALSE(constant_time_equal("same", "same "));
}

const char* const kKey = "0123456789abcdeffedcba9876543210";
const char* const kIv = "000102030405060708090a0b0c0d0e0f";

TEST(Sm4, PublishedCbcVector) {
  const std::string plain =
      unhex("aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffaaaaaaaabbbbbbbb");
  auto cipher = sm4_cbc_encrypt(unhex(kKey), unhex(kIv), plain);
  ASSERT_TRUE(cipher.ok());
  ASSERT_EQ(cipher.value().size(), 48U);  // a whole block of padding follows
  EXPECT_EQ(hex(cipher.value().substr(0, 32)),
            "78ebb11cc40b0a48312aaeb2040244cb4cb7016951909226979b0d15dc6a8f6d");
  auto back = sm4_cbc_decrypt(unhex(kKey), unhex(kIv), cipher.value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value(), plain);
}

// CTR with the counter block equal to the published plain block gives the published cipher block.
TEST(Sm4, CtrEncryptsTheCounterBlock) {
  auto stream = sm4_ctr(unhex(kKey), unhex(kKey), std::string(16, '\0'));
  ASSERT_TRUE(stream.ok());
  EXPECT_EQ(hex(stream.value()), "681edf34d206965e86b3e94f536e4246");
  auto cipher = sm4_ctr(unhex(kKey), unhex(kIv), "any length at all");
  auto back = sm4_ctr(unhex(kKey), unhex(kIv), cipher.value());
  EXPECT_EQ(back.value(), "any length at all");
}

TEST(Sm4, RefusesWrongLengthsAndAlteredBytes) {
  EXPECT_EQ(sm4_cbc_encrypt("short", unhex(kIv), "x").error().code, "sm.cipher");
  EXPECT_EQ(sm4_cbc_encrypt(unhex(kKey), "short", "x").error().code, "sm.cipher");
  EXPECT_EQ(sm4_cbc_decrypt(unhex(kKey), unhex(kIv), std::string(15, 'x')).error().code,
            "sm.cipher");
  EXPECT_EQ(sm4_cbc_decrypt(unhex(kKey), unhex(kIv), "").error().code, "sm.cipher");
  auto cipher = sm4_cbc_encrypt(unhex(kKey), unhex(kIv), "sixteen bytes ok");
  EXPECT_FALSE(sm4_cbc_decrypt(unhex(kIv), unhex(kIv), cipher.value()).ok());
}

}  // namespace
}  // namespace certbridge::sm
