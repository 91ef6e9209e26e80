// A request's body with a file that is encoded while it is read.
#include "file_body.h"

#include <gtest/gtest.h>

#include "certbridge_sm/base64.h"
#include "dialect_files.h"

namespace certbridge::municipal_library {
namespace {

std::string bytes_of(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(i * 7 + i / 256));
  return bytes;
}

// Read by pieces of `size`.
std::string read_by(const Content& content, std::size_t size) {
  std::string all;
  std::string piece(size, '\0');
  while (true) {
    const auto count = content.read(all.size(), std::as_writable_bytes(std::span(piece)));
    if (!count || count.value() == 0) return count ? all : count.error().code;
    all += piece.substr(0, count.value());
  }
}

TEST(FileBody, IsTheTextWithTheFileInIt) {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 100U, 100'000U}) {
    const std::string file = bytes_of(size);
    const auto body =
        with_file(std::string("{\"a\":\"") + kFileMark + "\",\"b\":1}", content_of(file));
    const std::string expected = "{\"a\":\"" + sm::base64_encode(file) + "\",\"b\":1}";
    EXPECT_EQ(body->size(), expected.size());
    for (const std::size_t piece : {1U, 3U, 7U, 64U, 300'000U}) {
      if (size > 1000 && piece < 64) continue;
      EXPECT_TRUE(read_by(*body, piece) == expected) << size << " by " << piece;
    }
  }
}

TEST(FileBody, WithoutAMarkAndWithTwo) {
  EXPECT_EQ(read_by(*with_file("plain", content_of("x")), 2), "plain");
  EXPECT_EQ(read_by(*with_file(std::string(2, kFileMark), content_of("x")), 3), "eA==eA==");
}

// Says that it is longer than it is.
class CutContent final : public Content {
 public:
  std::uint64_t size() const override { return 100; }
  Result<std::size_t> read(std::uint64_t, std::span<std::byte>) const override {
    return std::size_t{0};
  }
};

TEST(FileBody, AFileThatEndsEarlyIsDamaged) {
  EXPECT_EQ(read_by(*with_file(std::string(1, kFileMark), std::make_shared<CutContent>()), 10),
            "content.damaged");
}

TEST(FileBody, WhatIsSignedOrEncryptedIsNeededWhole) {
  EXPECT_TRUE(sends_files_in_pieces(shipped_dialect("epoint")));
  EXPECT_FALSE(sends_files_in_pieces(shipped_dialect("linewell")));
}

}  // namespace
}  // namespace certbridge::municipal_library
