#include <gtest/gtest.h>

#include <thread>

#include "seal_file.h"
#include "verifier_fixture.h"

namespace certbridge::seal_service {
namespace {

TEST(Corpus, EveryFileGetsItsVerdictAndAPlace) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  EXPECT_GT(corpus.size(), 40U);
  for (const CorpusFile& file : corpus) {
    const Report report = verify_file(file.bytes, fixture.seals, kVerifiedAt);
    if (file.code.empty()) {
      EXPECT_TRUE(report.valid()) << file.name << ": "
                                  << (report.failure ? report.failure->message : "");
      EXPECT_FALSE(any_is(report, CheckOutcome::kNotReached)) << file.name;
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

TEST(Corpus, ManyThreadsVerifyWithOneSetOfTrustedSeals) {
  Fixture fixture;
  TrustedSeals seals{read_trust(fixture.world.trust_pem, fixture.world.revocations_pem).value(),
                     [](std::string_view, int) {}};
  const std::string files[] = {
      fixture.sealed(true),
      seal_sample(sample_document(), sample_stamp(), fixture.world.good[1], kVerifiedAt, true)};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 8; ++i) {
        EXPECT_TRUE(verify_file(files[(thread + i) % 2], seals, kVerifiedAt).valid());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Corpus, EveryBitOfTheSealSignatureCounts) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kVerifiedAt, true);
  const Package package = open_package(sealed).value();
  const std::size_t last = package.files.size() - 1;
  ASSERT_TRUE(package.files[last].path.ends_with("SignedValue.dat"));
  for (std::size_t i = 0; i < package.files[last].bytes.size(); ++i) {
    Package altered = package;
    altered.files[last].bytes[i] = static_cast<char>(altered.files[last].bytes[i] ^ 1);
    EXPECT_FALSE(verify_package(altered, fixture.seals, kVerifiedAt).valid()) << "byte " << i;
  }
}

TEST(Corpus, EveryBitOfEveryFileCounts) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kVerifiedAt, true);
  const Package package = open_package(sealed).value();
  for (std::size_t file = 0; file + 1 < package.files.size(); ++file) {
    for (std::size_t i = 0; i < package.files[file].bytes.size(); i += 7) {
      Package altered = package;
      altered.files[file].bytes[i] = static_cast<char>(altered.files[file].bytes[i] ^ 1);
      EXPECT_FALSE(verify_package(altered, fixture.seals, kVerifiedAt).valid())
          << package.files[file].path << " byte " << i;
    }
  }
}

TEST(Corpus, SealAndChainAreVerifiedOnce) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kVerifiedAt, true);
  ASSERT_TRUE(verify_file(sealed, fixture.seals, kVerifiedAt).valid());
  fixture.verified = 0;
  ASSERT_TRUE(verify_file(sealed, fixture.seals, kVerifiedAt).valid());
  EXPECT_EQ(fixture.verified, 1);
}

TEST(Corpus, EqualInputGivesEqualBytesToSign) {
  Fixture fixture;
  const SealRequest request{fixture.world.good.front().seal, sample_stamp(), kVerifiedAt, true};
  EXPECT_EQ(prepare_seal(sample_document(), request).value().to_be_signed,
            prepare_seal(sample_document(), request).value().to_be_signed);
}

// A file that was hashed is never written anew: only OFD.xml gets its pointer, before the hash.
TEST(Corpus, SealingChangesNoByteOfTheDocument) {
  Fixture fixture;
  const Package before = sample_document();
  const Package after = open_package(fixture.sealed(true)).value();
  for (const PackageFile& part : before.files) {
    ASSERT_NE(after.find(part.path), nullptr) << part.path;
    if (part.path == "OFD.xml") continue;
    EXPECT_EQ(*after.find(part.path), part.bytes) << part.path;
  }
  std::string root = *after.find("OFD.xml");
  const std::string pointer = "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>";
  ASSERT_NE(root.find(pointer), std::string::npos);
  EXPECT_EQ(root.erase(root.find(pointer), pointer.size()), *before.find("OFD.xml"));
}

TEST(Corpus, TheSignatureFilesAreAsTheStandardHasThem) {
  Fixture fixture;
  const Package sealed = open_package(fixture.sealed(true)).value();
  const std::string& list = *sealed.find("Doc_0/Signs/Signatures.xml");
  EXPECT_NE(list.find("<ofd:MaxSignId>s002</ofd:MaxSignId>"), std::string::npos) << list;
  EXPECT_NE(list.find("BaseLoc=\"/Doc_0/Signs/Sign_0/Signature.xml\""), std::string::npos);
  const std::string& signature = *sealed.find("Doc_0/Signs/Sign_0/Signature.xml");
  std::size_t at = 0;
  for (const char* part :
       {"<ofd:SignedInfo>", "<ofd:Provider ", "<ofd:SignatureMethod>1.2.156.10197.1.501<",
        "<ofd:SignatureDateTime>20261124080000Z<",
        "<ofd:References CheckMethod=\"1.2.156.10197.1.401\">", "<ofd:StampAnnot ID=\"s002\"",
        "<ofd:Seal><ofd:BaseLoc>/Doc_0/Signs/Sign_0/Seal.esl<",
        "<ofd:SignedValue>/Doc_0/Signs/Sign_0/SignedValue.dat<"}) {
    at = signature.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << " is missing or out of order";
  }
  // Everything but Signature.xml and its value is referred to.
  for (const PackageFile& part : sealed.files) {
    const bool own = part.path.ends_with("Signature.xml") || part.path.ends_with("SignedValue.dat");
    EXPECT_EQ(signature.find("FileRef=\"/" + part.path + "\"") != std::string::npos, !own)
        << part.path;
  }
}

TEST(Corpus, SealingRefusesWrongPlacesAndSealedFiles) {
  Fixture fixture;
  const std::string& seal = fixture.world.good.front().seal;
  EXPECT_EQ(
      prepare_seal(sample_document(), {seal, {"7", "1 1 40 40"}, kVerifiedAt, true}).error().code,
      "sealer.box");
  for (const char* box :
       {"", "1 1 40", "1 1 40 0", "1 1 40 40 ", "1,5 1 40 40", "1 1 4e1 40", "nan 1 40 40"}) {
    EXPECT_EQ(prepare_seal(sample_document(), {seal, {"1", box}, kVerifiedAt, true}).error().code,
              "sealer.box")
        << box;
  }
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kVerifiedAt, true);
  EXPECT_EQ(prepare_seal(open_package(sealed).value(), {seal, sample_stamp(), kVerifiedAt, true})
                .error()
                .code,
            "sealer.already_sealed");
}

}  // namespace
}  // namespace certbridge::seal_service
