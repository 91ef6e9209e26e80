// What was used in cases on disk: read as it was kept, encrypted, bounded, dropped when it is old.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "archive/case_package.h"
#include "archive/kept_uses.h"
#include "certbridge/testing/fakes.h"
#include "sample_package.h"

namespace certbridge::host::archive_test {
namespace {

namespace files = std::filesystem;

KeptUse use_of(const std::string& case_no, std::uint64_t number, std::size_t file_bytes = 0) {
  KeptUse use;
  use.case_no = case_no;
  use.place = {"2026-11-0001", number, {}};
  use.place.hash.fill(static_cast<std::uint8_t>(number));
  use.record.kind = AccessKind::kQuery;
  use.record.system = "window";
  use.record.person = "clerk-7";
  use.record.decision = AccessDecision::kAllowed;
  use.record.code = "allowed";
  use.record.sources = {{"library", "found"}};
  use.record.disclosed = {"number"};
  use.record.asked = use.record.decided = Timestamp(std::chrono::milliseconds(1'795'852'800'000));
  FoundCertificate found;
  found.type_code = "T1";
  found.number = "N<1>";
  found.status = "valid";
  found.holders = {{"测试甲", "111", "411324199001010012"}};
  use.certificates = {{"library", use.record.asked, found}};
  use.answer =
      R"("certificates":[{"number":"N<1>","fields":[{"name":"经营范围","value":"茶 & 酒"}]}])";
  if (file_bytes > 0) {
    use.file = Attachment{"certificate.ofd",
                          "application/ofd",
                          file_bytes,
                          {},
                          content_of(std::string(file_bytes, 'f'))};
    use.copy = use.file;
    use.copy->content = content_of(std::string(file_bytes, 'c'));
  }
  return use;
}

class Kept : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (files::temp_directory_path() / "certbridge-kept-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    settings_.folder = folder_ + "/archive";
    settings_.master_key = std::string(32, 'm');
    settings_.clock = &clock_;
  }
  void TearDown() override { files::remove_all(folder_); }

  std::vector<std::string> kept_files() const {
    std::vector<std::string> found;
    for (const auto& entry : files::recursive_directory_iterator(settings_.folder)) {
      if (entry.is_regular_file()) found.push_back(entry.path().string());
    }
    return found;
  }
  static std::string bytes_in(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  std::string folder_{};
  testing::FakeClock clock_{};
  KeptUsesSettings settings_{};
};

TEST_F(Kept, IsReadAsItWasKeptInTheOrderOfItsRecords) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 12, 200'000)).ok());
  ASSERT_TRUE(kept.keep(use_of("C1", 7)).ok());
  ASSERT_TRUE(kept.keep(use_of("C2", 8)).ok());
  const auto uses = KeptUses(settings_).uses_of("C1");
  ASSERT_TRUE(uses.ok()) << uses.error().message;
  ASSERT_EQ(uses.value().size(), 2u);
  EXPECT_EQ(uses.value()[0].place.number, 7u);
  const KeptUse& use = uses.value()[1];
  EXPECT_EQ(use.place.hash, use_of("C1", 12).place.hash);
  EXPECT_EQ(use.record.person, "clerk-7");
  EXPECT_EQ(use.record.sources, use_of("C1", 12).record.sources);
  ASSERT_EQ(use.certificates.size(), 1u);
  EXPECT_EQ(use.certificates[0].found, use_of("C1", 12).certificates[0].found);
  EXPECT_EQ(use.answer, use_of("C1", 12).answer);
  ASSERT_TRUE(use.file);
  EXPECT_EQ(read_all(*use.file->content, 1'000'000).value(), std::string(200'000, 'f'));
  ASSERT_TRUE(use.copy);
  EXPECT_EQ(read_all(*use.copy->content, 1'000'000).value(), std::string(200'000, 'c'));
  EXPECT_TRUE(KeptUses(settings_).uses_of("C3").value().empty());
}

TEST_F(Kept, WhatWasUsedUnderAProvisionalNumberIsTheCasesToo) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("P1", 3)).ok());
  ASSERT_TRUE(kept.keep(use_of("P1", 4)).ok());
  KeptUse own = use_of("C1", 9);
  own.earlier_no = "P1";
  ASSERT_TRUE(kept.keep(own).ok());
  ASSERT_TRUE(kept.join("P1", "C1").ok());
  ASSERT_TRUE(KeptUses(settings_).join("P1", "C1").ok()) << "once more after a start";
  const auto numbers = [&](const std::string& case_no) {
    std::vector<std::uint64_t> found;
    const auto uses = KeptUses(settings_).uses_of(case_no);
    for (const KeptUse& use : uses.value()) {
      found.push_back(use.place.number);
    }
    return found;
  };
  EXPECT_EQ(numbers("C1"), (std::vector<std::uint64_t>{3, 4, 9}));
  EXPECT_EQ(numbers("P1"), (std::vector<std::uint64_t>{3, 4}));

  ASSERT_TRUE(kept.keep(use_of("P2", 11)).ok());
  ASSERT_TRUE(kept.join("P2", "C2").ok());
  EXPECT_EQ(numbers("C2"), std::vector<std::uint64_t>{11}) << "with no use of its own";
  std::map<std::string, std::uint64_t> unpushed;
  for (const KeptCase& one : KeptUses(settings_).unpushed_cases()) {
    unpushed[one.case_no] = one.last_record;
  }
  EXPECT_EQ(unpushed.at("C2"), 11u) << "which is pushed when it closes";
  EXPECT_EQ(unpushed.at("C1"), 9u);
  ASSERT_TRUE(kept.join("nobody's", "C3").ok());
  EXPECT_TRUE(numbers("C3").empty());
}

TEST_F(Kept, APackageSaysWhatIsMissing) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 3)).ok());
  KeptUse missing;
  missing.case_no = "C1";
  missing.place = {"2026-11-0001", 4, {}};
  missing.missing = true;
  ASSERT_TRUE(kept.keep(missing).ok());
  EXPECT_TRUE(kept.has("C1", 4));
  EXPECT_FALSE(kept.has("C1", 5));
  EXPECT_FALSE(kept.has("C2", 4));
  const auto uses = KeptUses(settings_).uses_of("C1").value();
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_FALSE(uses[0].missing);
  EXPECT_TRUE(uses[1].missing);
}

TEST_F(Kept, SaysNothingWithoutTheKey) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("20261124000001", 12)).ok());
  for (const std::string& file : kept_files()) {
    for (const char* word : {"20261124000001", "411324199001010012", "测试甲", "clerk-7"}) {
      EXPECT_EQ((file + bytes_in(file)).find(word), std::string::npos) << word;
    }
  }
  settings_.master_key = std::string(32, 'n');
  EXPECT_TRUE(KeptUses(settings_).uses_of("20261124000001").value().empty());
}

TEST_F(Kept, EveryByteThatIsChangedIsFound) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 12)).ok());
  const std::string file = kept_files().at(0);
  const std::string whole = bytes_in(file);
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
    EXPECT_EQ(kept.uses_of("C1").error().code, "archive.damaged") << at;
  }
  std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, whole.size() - 1);
  EXPECT_FALSE(kept.uses_of("C1").ok());
}

// Cut exactly between two pieces: each of those that are left is whole.
TEST_F(Kept, APieceThatIsMissingAtTheEndIsFound) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 12, 200'000)).ok());
  const std::string file = kept_files().at(0);
  files::resize_file(file, 6 + 2 * (64 * 1024 + 12 + 16));
  EXPECT_EQ(kept.uses_of("C1").error().code, "archive.damaged");
}

TEST_F(Kept, OneCaseHasABound) {
  settings_.largest_case = 500'000;
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 1, 200'000)).ok());
  EXPECT_EQ(kept.keep(use_of("C1", 2, 200'000)).error().code, "archive.full");
  EXPECT_TRUE(kept.keep(use_of("C2", 3, 200'000)).ok());
  EXPECT_EQ(kept.uses_of("C1").value().size(), 1u);
}

TEST_F(Kept, WhatWasNotUsedForLongGoes) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 1)).ok());
  ASSERT_TRUE(kept.keep(use_of("C2", 2)).ok());
  const auto folder = files::path(kept_files().at(0)).parent_path();
  const auto now = std::chrono::file_clock::from_sys(clock_.now());
  for (const auto& entry : files::directory_iterator(settings_.folder)) {
    files::last_write_time(entry.path(), now);
  }
  files::last_write_time(folder, now - std::chrono::days(1096));
  EXPECT_EQ(kept.drop_old(), 1u);
  EXPECT_EQ(kept_files().size(), 1u);
}

TEST_F(Kept, KnowsWhatWasNotPushedYet) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 1)).ok());
  ASSERT_TRUE(kept.keep(use_of("C1", 3)).ok());
  const auto cases = kept.unpushed_cases();
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].case_no, "C1");
  EXPECT_EQ(cases[0].last_record, 3u);
  ASSERT_TRUE(kept.note_pushed(cases[0]).ok());
  EXPECT_TRUE(KeptUses(settings_).unpushed_cases().empty());
  EXPECT_EQ(kept.uses_of("C1").value().size(), 2u) << "the note is no use";
  ASSERT_TRUE(kept.keep(use_of("C1", 4)).ok());
  EXPECT_EQ(kept.unpushed_cases().at(0).pushed, 3u);
}

TEST_F(Kept, APackageOfACaseIsVerifiedAndPrinted) {
  KeptUses kept(settings_);
  ASSERT_TRUE(kept.keep(use_of("C1", 12, 1000)).ok());
  const auto uses = kept.uses_of("C1");
  std::string bytes;
  const auto sealed = seal_package(sample_head(), sealing_key(), into(bytes),
                                   [&uses](const PackageManifest& head, PackageWriter& package) {
                                     return write_case_contents(head, uses.value(), package);
                                   });
  ASSERT_TRUE(sealed.ok()) << sealed.error().message;
  const PackageVerification verification = verified(bytes);
  ASSERT_TRUE(verification.ok()) << verification.findings[0].what;
  std::vector<std::string> paths;
  for (const PackedFile& file : verification.manifest->files) paths.push_back(file.path);
  EXPECT_THAT(paths, ::testing::ElementsAre("case.json", "print.html", "uses/1-12/received-1.xml",
                                            "uses/1-12/answer.part", "uses/1-12/file.ofd",
                                            "uses/1-12/copy.ofd"));
  EXPECT_NE(bytes.find("茶 &amp; 酒"), std::string::npos);
  EXPECT_EQ(bytes.find("<td>N<1>"), std::string::npos) << "nothing of it is markup";
}

}  // namespace
}  // namespace certbridge::host::archive_test
