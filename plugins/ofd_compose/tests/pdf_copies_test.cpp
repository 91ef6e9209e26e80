// Annotated copies of PDF files and pictures, made by the program as the host has it made, and
// looked at by another reader of PDF (poppler's tools).
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "certbridge/query.h"
#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "copies.h"
#include "faces.h"
#include "pdf_samples.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kPdfManifest = CERTBRIDGE_SOURCE_DIR "/plugins/ofd_compose/plugin.xml";
constexpr Timestamp kPdfMade =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 28) + std::chrono::hours(18);

class PdfCopies : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static CopyQuestion pdf_use() {
    return {"南召县不动产登记中心", "不动产登记 20261124000001", kPdfMade,
            kPdfMade + std::chrono::days(30)};
  }

  static Result<Message> answer_about(const std::string& file, testing::Options options = {},
                                      std::chrono::seconds time = std::chrono::seconds(120)) {
    options.try_emplace("pdf-program", PDF_COPY_PROGRAM);
    testing::FakeContext context(kPdfManifest, "copies", options);
    Copies copies(context);
    EXPECT_TRUE(copies.start().ok());
    Message question =
        testing::message_of(kCopyQuestion, kQueryMediaType, write_copy_question(pdf_use()));
    question.attachments = {
        testing::attachment_of("certificate", "application/octet-stream", file)};
    auto answer = copies.answer(question, testing::call_of("t/copies", time));
    if (!answer) context.expect_declared(answer.error());
    return answer;
  }

  static std::string copy_of(const std::string& file, const testing::Options& options = {}) {
    const auto answer = answer_about(file, options);
    if (!answer) return answer.error().code;
    const Attachment& copy = answer.value().attachments.front();
    EXPECT_EQ(copy.media_type, "application/pdf");
    return read_all(*copy.content, 50'000'000).value();
  }

  static std::string code_of(const std::string& file, const testing::Options& options = {}) {
    const auto answer = answer_about(file, options);
    return answer ? std::string("copied") : answer.error().code;
  }

  // What a tool of poppler says of it; an error of the tool fails the test.
  std::string said_by(const std::string& tool, const std::string& pdf, const std::string& after) {
    const std::string in = folder_ + "/copy.pdf";
    const std::string out = folder_ + "/said";
    std::ofstream(in, std::ios::binary) << pdf;
    const std::string command = tool + " " + in + " " + after + " >" + out + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream said(out, std::ios::binary);
    return {std::istreambuf_iterator<char>(said), {}};
  }
  std::string text_of(const std::string& pdf) { return said_by("pdftotext -raw", pdf, "-"); }

  // Whatever it is given.
  std::string hanging_program() {
    const std::string path = folder_ + "/hangs";
    std::ofstream(path) << "#!/bin/sh\nexec sleep 1000\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

  std::string folder_ = ::testing::TempDir() + "pdf-copies-" + std::to_string(getpid());
};

TEST_F(PdfCopies, EveryPageSaysWhatForAndUntilWhenAndShowsWhatItShowed) {
  const std::string copy = copy_of(sample_pdf(3));
  const std::string text = text_of(copy);
  std::size_t at = 0;
  for (int page = 1; page <= 3; ++page) {
    const std::size_t end = text.find('\f', at);
    ASSERT_NE(end, std::string::npos) << text;
    const std::string shown = text.substr(at, end - at);
    for (const std::string& words :
         {std::string("加注件（副本）"), std::string("南召县不动产登记中心"),
          std::string("20261124000001"), std::string("2026-11-29 02:00:00"),
          std::string("2026-12-29 02:00:00"), "LICENCE PAGE " + std::to_string(page)}) {
      EXPECT_NE(shown.find(words), std::string::npos) << words << " on page " << page << ":\n"
                                                      << shown;
    }
    at = end + 1;
  }
  EXPECT_NE(said_by("pdffonts", copy, "").find("HanaMin"), std::string::npos);
}

TEST_F(PdfCopies, TheMetadataAreThoseOfTheStandardAndNoneOfTheOriginal) {
  const std::string copy = copy_of(sample_pdf(1));
  const std::string about = said_by("pdfinfo -custom", copy, "");
  for (const char* data : {"JZJZZSJ: *20261129020000", "JZJZZZ: *南召县不动产登记中心",
                           "JZJZZSY: *不动产登记 20261124000001", "JZJYXQJZSJ: *20261229020000"}) {
    EXPECT_TRUE(std::regex_search(about, std::regex(data))) << data << " in\n" << about;
  }
  EXPECT_EQ(about.find("WRITER OF THE ORIGINAL"), std::string::npos);
  EXPECT_EQ(copy, copy_of(sample_pdf(1))) << "equal questions give equal bytes";
  const std::string by_another =
      said_by("pdfinfo -custom", copy_of(sample_pdf(1), {{"maker", "某市"}}), "");
  EXPECT_NE(by_another.find("某市"), std::string::npos);
}

TEST_F(PdfCopies, NothingThatActsOrIsCarriedAlongIsTakenOver) {
  const std::string original = active_pdf();
  const std::string copy = copy_of(original);
  ASSERT_TRUE(copy.starts_with("%PDF-")) << copy;
  const std::string plain = unpacked(copy);
  for (const char* words : {"JavaScript", "app.alert", "/AA ", "/OpenAction", "/Launch", "/URI",
                            "EmbeddedFile", "/EF ", "SECRET PAYLOAD", "/AcroForm", "/Annots",
                            "/Metadata", "/PieceInfo", "/AF ", "/Names", "PostScript"}) {
    EXPECT_NE(original.find(words), std::string::npos) << words << " is not in the sample";
    EXPECT_EQ(plain.find(words), std::string::npos) << words;
  }
  const std::string text = text_of(copy);
  EXPECT_NE(text.find("PAINTED TEXT"), std::string::npos) << text;
  EXPECT_NE(text.find("SEAL OF AN ANNOTATION"), std::string::npos) << text;
  EXPECT_EQ(text.find("HIDDEN ANNOTATION"), std::string::npos) << text;
}

TEST_F(PdfCopies, TurnedAndScaledPagesStandAsTheyAreShown) {
  const std::string about = said_by("pdfinfo", copy_of(turned_pdf()), "");
  EXPECT_TRUE(std::regex_search(about, std::regex("Page size: +400 x 300 pts"))) << about;
  EXPECT_TRUE(std::regex_search(about, std::regex("Page rot: +0\n"))) << about;
}

TEST_F(PdfCopies, PicturesBecomeAPage) {
  for (const std::string& picture : {sample_png(), sample_jpeg()}) {
    const std::string copy = copy_of(picture);
    ASSERT_TRUE(copy.starts_with("%PDF-")) << copy;
    EXPECT_NE(text_of(copy).find("加注件"), std::string::npos);
    EXPECT_TRUE(std::regex_search(said_by("pdfinfo", copy, ""),
                                  std::regex("Page size: +841.89 x 595.28 pts")));
    const std::string images = said_by("pdfimages -list", copy, "");
    EXPECT_TRUE(std::regex_search(images, std::regex(" 40 +20 "))) << images;
    EXPECT_EQ(unpacked(copy).find("WHO TOOK IT WHERE"), std::string::npos);
  }
  EXPECT_NE(sample_jpeg().find("WHO TOOK IT WHERE"), std::string::npos);
}

TEST_F(PdfCopies, WhatCannotBeCopiedIsRefusedByItsReason) {
  EXPECT_EQ(code_of("plain text"), "ofd_compose.no_copy");
  EXPECT_EQ(code_of(""), "ofd_compose.no_copy");
  EXPECT_EQ(code_of("%PDF-1.7 and nothing"), "ofd_compose.pdf_damaged");
  const std::string whole = sample_pdf(1);
  EXPECT_EQ(code_of(whole.substr(0, whole.size() / 2)), "ofd_compose.pdf_damaged");
  EXPECT_EQ(code_of(encrypted_pdf("")), "ofd_compose.pdf_encrypted");
  EXPECT_EQ(code_of(encrypted_pdf("word")), "ofd_compose.pdf_encrypted");
  EXPECT_EQ(code_of(pdf_with_root("/AcroForm << /Fields [] /NeedAppearances true >>")),
            "ofd_compose.pdf_form");
  EXPECT_EQ(code_of(pdf_with_root("/OCProperties << /OCGs [] /D << /BaseState /OFF >> >>")),
            "ofd_compose.pdf_layers");
  EXPECT_EQ(code_of(sample_pdf(201)), "ofd_compose.copy_limits");
  const std::string png = sample_png();
  EXPECT_EQ(code_of(png.substr(0, png.size() - 5)), "ofd_compose.picture");
  const std::string jpeg = sample_jpeg();
  EXPECT_EQ(code_of(jpeg.substr(0, jpeg.size() - 50)), "ofd_compose.picture");
  EXPECT_EQ(code_of(jpeg.substr(0, 40) + "\xff\xd9"), "ofd_compose.picture");
}

#ifndef __SANITIZE_ADDRESS__  // which needs more addresses than the limit leaves: a release test
                              // runs this
TEST_F(PdfCopies, AFileThatTakesTooMuchIsGivenUp) {
  const std::string bomb = bomb_pdf();
  EXPECT_EQ(code_of(bomb, {{"pdf-memory", "150MB"}}), "ofd_compose.copy_limits");
  EXPECT_EQ(code_of(bomb), "copied") << "where there is room for it";
}
#endif

TEST_F(PdfCopies, NobodyWaitsForItLongerThanTheCallMayTake) {
  const auto answer =
      answer_about(sample_pdf(1), {{"pdf-program", hanging_program()}}, std::chrono::seconds(1));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "ofd_compose.copy_time");
  EXPECT_EQ(code_of(sample_pdf(1), {{"pdf-program", "/etc/hostname"}}), "ofd_compose.copier");
  EXPECT_EQ(code_of(sample_pdf(1), {{"pdf-font", "/etc/hostname"}}), "ofd_compose.copy_font");
}

}  // namespace
}  // namespace certbridge::ofd_compose
