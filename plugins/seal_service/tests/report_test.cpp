// What the verifier's report says, and files with two seals.
#include <gtest/gtest.h>

#include "verifier_fixture.h"

namespace certbridge::seal_service {
namespace {

TEST(Report, AGoodFileWithEverythingConfiguredPassesEveryCheck) {
  Fixture fixture;
  const Report report = verify_file(fixture.sealed(true), fixture.seals, kVerifiedAt);
  ASSERT_EQ(report.checks.size(), check_names().size());
  for (const Check& check : report.checks) {
    EXPECT_EQ(check.outcome, CheckOutcome::kPassed) << check.name;
  }
  EXPECT_EQ(report.verdict(), "valid");
  EXPECT_EQ(report.not_made(), "");
}

TEST(Report, WithoutRevocationListsTheCheckIsNotMadeAndSaysWhy) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  for (const char* name : {"good-closed", "revoked", "revoked-before"}) {
    const Report report =
        verify_file(named(corpus, name).bytes, fixture.without_lists, kVerifiedAt);
    EXPECT_TRUE(report.valid()) << name;
    EXPECT_EQ(report.not_made(), "revocation") << name;
    EXPECT_NE(check_named(report, "revocation").detail.find("revocations"), std::string::npos);
    EXPECT_NE(write_report(report).find("\"not-made\""), std::string::npos);
  }
}

TEST(Report, WhatIsNotInTheFileIsNotReportedAsChecked) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  const Report report =
      verify_file(named(corpus, "good-no-seal-file").bytes, fixture.seals, kVerifiedAt);
  EXPECT_TRUE(report.valid());
  EXPECT_EQ(report.not_made(), "seal_file");
}

TEST(Report, AYoungMakerIsAWarning) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  const Report report =
      verify_file(named(corpus, "good-young-maker").bytes, fixture.seals, kVerifiedAt);
  EXPECT_TRUE(report.valid());
  EXPECT_EQ(check_named(report, "maker_signature").outcome, CheckOutcome::kWarning);
  EXPECT_FALSE(check_named(report, "maker_signature").detail.empty());
}

TEST(Report, AfterAFailureTheRestIsNotReached) {
  Fixture fixture;
  const auto corpus = make_corpus(fixture.world, sample_document(), sample_stamp());
  const Report report =
      verify_file(named(corpus, "expired-seal").bytes, fixture.seals, kVerifiedAt);
  EXPECT_EQ(report.verdict(), "invalid");
  EXPECT_EQ(check_named(report, "signature").outcome, CheckOutcome::kPassed);
  EXPECT_EQ(check_named(report, "seal_validity").outcome, CheckOutcome::kFailed);
  EXPECT_EQ(check_named(report, "certificate_validity").outcome, CheckOutcome::kNotReached);
  EXPECT_EQ(check_named(report, "reference").outcome, CheckOutcome::kNotReached);
}

TEST(TwoSeals, BothAreVerifiedAndEachProtectsTheOther) {
  Fixture fixture;
  const std::string first = fixture.sealed(false);
  const std::string both = seal_again(first, fixture.world.good[1], kVerifiedAt);
  const Report report = verify_file(both, fixture.seals, kVerifiedAt);
  ASSERT_TRUE(report.valid()) << report.failure->message;
  ASSERT_EQ(report.seals.size(), 2U);
  EXPECT_EQ(report.seals[1].seal_id, "41132400000001");
  const Package package = open_package(both).value();
  for (const PackageFile& part : package.files) {
    Package altered = package;
    altered.find(part.path)->append(" ");
    const bool list =
        part.path == "Doc_0/Signs/Signatures.xml";  // stays open: a blank is no change
    EXPECT_EQ(verify_package(altered, fixture.seals, kVerifiedAt).valid(), list) << part.path;
    altered = package;
    std::erase_if(altered.files, [&](const PackageFile& file) { return file.path == part.path; });
    EXPECT_FALSE(verify_package(altered, fixture.seals, kVerifiedAt).valid()) << part.path;
  }
}

TEST(TwoSeals, AClosedDocumentTakesNoFurtherSeal) {
  Fixture fixture;
  const std::string both = seal_again(fixture.sealed(true), fixture.world.good[1], kVerifiedAt);
  const Report report = verify_file(both, fixture.seals, kVerifiedAt);
  ASSERT_FALSE(report.valid());
  EXPECT_EQ(report.failure->code, "seal.reference");
}

TEST(TwoSeals, TheirOrderAndNumberCannotBeChanged) {
  Fixture fixture;
  const Package package =
      open_package(seal_again(fixture.sealed(false), fixture.world.good[1], kVerifiedAt)).value();
  const std::string list = *package.find("Doc_0/Signs/Signatures.xml");
  const std::size_t from = list.find("<ofd:Signature "),
                    middle = list.find("<ofd:Signature ", from + 1);
  const std::size_t end = list.find("</ofd:Signatures>");
  const std::string one = list.substr(from, middle - from), two = list.substr(middle, end - middle);
  for (const std::string& entries : {two + one, one, two, one + one}) {
    Package altered = package;
    *altered.find("Doc_0/Signs/Signatures.xml") = list.substr(0, from) + entries + list.substr(end);
    EXPECT_FALSE(verify_package(altered, fixture.seals, kVerifiedAt).valid()) << entries;
  }
}

TEST(Report, StaleRevocationListsAreAFaultAndNoVerdict) {
  Fixture fixture;
  const std::string sealed =
      seal_sample(sample_document(), sample_stamp(), fixture.world.good.front(), kVerifiedAt, true);
  const Report report = verify_file(sealed, fixture.seals, kVerifiedAt + std::chrono::days(3651));
  ASSERT_TRUE(report.failure.has_value());
  EXPECT_EQ(report.failure->code, "seal.revocation.unknown");
  EXPECT_EQ(report.failure->severity, Severity::kFault);
  EXPECT_EQ(report.verdict(), "undecided");
  EXPECT_EQ(check_named(report, "revocation").outcome, CheckOutcome::kFailed);
}

}  // namespace
}  // namespace certbridge::seal_service
