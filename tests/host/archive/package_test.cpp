// Packages: what is written is verified, and whatever is changed of it is found, with its place.
#include <gmock/gmock.h>

#include <algorithm>

#include "archive/ustar.h"
#include "sample_package.h"

namespace certbridge::host::archive_test {
namespace {

struct Piece {
  std::uint64_t at = 0;
  std::uint64_t length = 0;
};

// The entries of a whole package.
std::vector<Piece> entries_of(const std::string& bytes) {
  std::vector<Piece> pieces;
  for (std::uint64_t at = 0;;) {
    const auto entry = read_ustar_header(std::string_view(bytes).substr(at, kUstarBlock));
    if (!entry) return pieces;
    const std::uint64_t length = kUstarBlock + entry->size + ustar_filling(entry->size);
    pieces.push_back({at, length});
    at += length;
  }
}

bool is_found_at(const PackageVerification& verification, std::uint64_t at) {
  return std::any_of(verification.findings.begin(), verification.findings.end(),
                     [at](const PackageFinding& finding) { return finding.at == at; });
}

TEST(Package, IsVerifiedAsItWasWritten) {
  const PackageVerification verification = verified(sample_package());
  ASSERT_TRUE(verification.ok()) << verification.findings[0].what;
  ASSERT_TRUE(verification.manifest);
  EXPECT_EQ(verification.manifest->subject, "20261124 000001");
  EXPECT_EQ(verification.manifest->record, 4711u);
  EXPECT_EQ(verification.manifest->made,
            std::chrono::floor<std::chrono::seconds>(sample_head().made));
  ASSERT_EQ(verification.manifest->files.size(), 3u);
  EXPECT_EQ(verification.manifest->files[2].path, "uses/4711/file.ofd");
  EXPECT_EQ(verification.manifest->files[2].size, 1024u);
}

TEST(Package, EveryByteThatIsChangedIsFoundWithItsPlace) {
  const std::string whole = sample_package();
  const auto pieces = entries_of(whole);
  ASSERT_EQ(pieces.size(), 5u);
  for (const Piece& piece : pieces) {
    for (std::uint64_t at = piece.at; at < piece.at + piece.length; ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      ASSERT_TRUE(is_found_at(verified(changed), piece.at)) << at;
    }
  }
  const std::uint64_t end = pieces.back().at + pieces.back().length;
  for (std::uint64_t at = end; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = 'x';
    ASSERT_TRUE(is_found_at(verified(changed), end)) << at;
  }
}

TEST(Package, WhatIsCutOffOrAddedIsFound) {
  const std::string whole = sample_package();
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    EXPECT_FALSE(verified(whole.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(verified(whole + '\0').ok());
  EXPECT_FALSE(verified(whole + whole).ok());
}

TEST(Package, EntriesRemovedRepeatedExchangedAreFound) {
  const std::string whole = sample_package();
  const auto pieces = entries_of(whole);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto [at, length] = pieces[i];
    std::string removed = whole;
    removed.erase(at, length);
    EXPECT_FALSE(verified(removed).ok()) << i;
    std::string repeated = whole;
    repeated.insert(at, whole, at, length);
    EXPECT_FALSE(verified(repeated).ok()) << i;
    if (i == 0) continue;
    const Piece& before = pieces[i - 1];
    const std::string exchanged = whole.substr(0, before.at) + whole.substr(at, length) +
                                  whole.substr(before.at, before.length) +
                                  whole.substr(at + length);
    EXPECT_TRUE(is_found_at(verified(exchanged), before.at) || i >= 3) << i;
    EXPECT_FALSE(verified(exchanged).ok()) << i;
  }
}

// Somebody who cannot seal puts another file in its place, with everything that follows from it.
TEST(Package, AManifestMadeAnewIsNotBelieved) {
  const auto other = SignatureKey::from_bytes(std::string(31, '\x11') + "o").value();
  std::string bytes;
  auto writer = PackageWriter::begin(sample_head(), other, into(bytes));
  ASSERT_TRUE(writer.value().add_text("case.json", "{}").ok());
  ASSERT_TRUE(writer.value().finish().ok());
  const PackageVerification verification = verified(bytes);
  ASSERT_FALSE(verification.ok());
  EXPECT_EQ(verification.findings[0].path, kSealPath);
  EXPECT_THAT(verification.findings[0].what, ::testing::HasSubstr("a key that was not given"));
}

TEST(Package, ASealIsOfItsOwnManifestOnly) {
  const std::string first = sample_package();
  std::string second;
  PackageManifest head = sample_head();
  head.subject = "20261124 000002";
  auto writer = PackageWriter::begin(head, sealing_key(), into(second));
  ASSERT_TRUE(writer.value().finish().ok());
  const auto of_first = entries_of(first).back();
  const auto of_second = entries_of(second).back();
  second.replace(of_second.at, of_second.length, first, of_first.at, of_first.length);
  EXPECT_TRUE(is_found_at(verified(second), of_second.at));
}

TEST(Package, TakesNoPathThatLeavesItsFolder) {
  for (const char* path : {"", "/a", "a/", "a//b", "../a", "a/../b", ".a", "A", "a b", "证"}) {
    EXPECT_FALSE(is_package_path(path)) << path;
  }
  EXPECT_TRUE(is_package_path("uses/4711/received-1.xml"));
  EXPECT_FALSE(is_package_path(std::string(101, 'a')));
  std::string bytes;
  auto writer = PackageWriter::begin(sample_head(), sealing_key(), into(bytes));
  EXPECT_EQ(writer.value().add_text("../a", "").error().code, "archive.path");
}

TEST(Package, ASubjectIsOneLine) {
  for (const std::string& subject :
       {std::string(), std::string("a\nfile"), std::string(257, 'a')}) {
    PackageManifest head = sample_head();
    head.subject = subject;
    std::string bytes;
    const auto writer = PackageWriter::begin(head, sealing_key(), into(bytes));
    ASSERT_FALSE(writer.ok());
    EXPECT_EQ(writer.error().code, "archive.subject");
  }
}

}  // namespace
}  // namespace certbridge::host::archive_test
