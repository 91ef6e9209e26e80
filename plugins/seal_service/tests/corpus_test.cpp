#include <gtest/gtest.h>

#include "seal_file.h"
#include "testing/corpus.h"
#include "verify_file.h"

namespace certbridge::seal_service {
namespace {

using namespace testing;

const Timestamp kNow =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);

struct Fixture {
  World world = [] {
    auto made = make_world({{"41130000000001", "南阳市自然资源和规划局", "nanyang"},
                            {"41132400000001", "镇平县自然资源局", "zhenping"}},
                           kNow);
    return std::move(made).value();
  }();
  int verified = 0;
  TrustedSeals seals{read_trust(world.trust_pem, world.revocations_pem).value(),
                     [this](std::string_view, int count) { verified += count; }};
};

TEST(Corpus, EveryFileGetsItsVerdictAndAPlace) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  EXPECT_GT(corpus.size(), 40U);
  for (const CorpusFile& file : corpus) {
    const Report report = verify_file(file.bytes, fixture.seals, kNow);
    if (file.code.empty()) {
      EXPECT_TRUE(report.valid()) << file.name << ": "
                                  << (report.failure ? report.failure->message : "");
      continue;
    }
    ASSERT_TRUE(report.failure.has_value()) << file.name << ": " << file.note;
    if (file.code != "*") {
      EXPECT_EQ(report.failure->code, file.code) << file.name << ": " << report.failure->message;
    }
    EXPECT_FALSE(report.failure->message.empty());
    EXPECT_EQ(report.checks.size(), check_names().size())
        << report.failure->code << " is not among the checks";
  }
}

TEST(Corpus, EveryBitOfTheSealSignatureCounts) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kNow, true);
  const Package package = open_package(sealed).value();
  const std::size_t last = package.files.size() - 1;
  ASSERT_TRUE(package.files[last].path.ends_with("SignedValue.dat"));
  for (std::size_t i = 0; i < package.files[last].bytes.size(); ++i) {
    Package altered = package;
    altered.files[last].bytes[i] = static_cast<char>(altered.files[last].bytes[i] ^ 1);
    EXPECT_FALSE(verify_package(altered, fixture.seals, kNow).valid()) << "byte " << i;
  }
}

TEST(Corpus, EveryBitOfEveryFileCounts) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kNow, true);
  const Package package = open_package(sealed).value();
  for (std::size_t file = 0; file + 1 < package.files.size(); ++file) {
    for (std::size_t i = 0; i < package.files[file].bytes.size(); i += 7) {
      Package altered = package;
      altered.files[file].bytes[i] = static_cast<char>(altered.files[file].bytes[i] ^ 1);
      EXPECT_FALSE(verify_package(altered, fixture.seals, kNow).valid())
          << package.files[file].path << " byte " << i;
    }
  }
}

TEST(Corpus, SealAndChainAreVerifiedOnce) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kNow, true);
  ASSERT_TRUE(verify_file(sealed, fixture.seals, kNow).valid());
  fixture.verified = 0;
  ASSERT_TRUE(verify_file(sealed, fixture.seals, kNow).valid());
  EXPECT_EQ(fixture.verified, 1);
}

TEST(Corpus, StaleRevocationListsAreAFaultAndNoVerdict) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kNow, true);
  const Report report = verify_file(sealed, fixture.seals, kNow + std::chrono::days(3651));
  ASSERT_TRUE(report.failure.has_value());
  EXPECT_EQ(report.failure->code, "seal.revocation_unknown");
  EXPECT_EQ(report.failure->severity, Severity::kFault);
}

TEST(Corpus, EqualInputGivesEqualBytesToSign) {
  Fixture fixture;
  const SealRequest request{fixture.world.good.front().seal, sample_stamp(), kNow, true};
  EXPECT_EQ(prepare_seal(sample_document(), request).value().to_be_signed,
            prepare_seal(sample_document(), request).value().to_be_signed);
}

TEST(Corpus, SealingRefusesWrongPlacesAndSealedFiles) {
  Fixture fixture;
  const std::string& seal = fixture.world.good.front().seal;
  EXPECT_EQ(prepare_seal(sample_document(), {seal, {"7", "1 1 40 40"}, kNow, true}).error().code,
            "sealer.box");
  for (const char* box :
       {"", "1 1 40", "1 1 40 0", "1 1 40 40 ", "1,5 1 40 40", "1 1 4e1 40", "nan 1 40 40"}) {
    EXPECT_EQ(prepare_seal(sample_document(), {seal, {"1", box}, kNow, true}).error().code,
              "sealer.box")
        << box;
  }
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kNow, true);
  EXPECT_EQ(
      prepare_seal(open_package(sealed).value(), {seal, sample_stamp(), kNow, true}).error().code,
      "sealer.already_sealed");
}

}  // namespace
}  // namespace certbridge::seal_service
