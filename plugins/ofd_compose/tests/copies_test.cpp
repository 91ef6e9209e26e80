// Annotated copies as the host gets them.
#include "copies.h"

#include <gtest/gtest.h>

#include "certbridge/query.h"
#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge_ofd/render.h"
#include "certbridge_ofd/structure.h"
#include "copy_marks.h"
#include "faces.h"
#include "samples.h"
#include "schema_check.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kCopiesManifest = CERTBRIDGE_SOURCE_DIR "/plugins/ofd_compose/plugin.xml";
constexpr Timestamp kMade =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 28) + std::chrono::hours(18);

CopyQuestion use() {
  return {"南召县不动产登记中心", "不动产登记 20261124000001", kMade,
          kMade + std::chrono::days(30)};
}

Message question_about(const std::string& file, const CopyQuestion& copy = use()) {
  Message message = testing::message_of(kCopyQuestion, kQueryMediaType, write_copy_question(copy));
  message.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", file)};
  return message;
}

std::string sample_file(const Certificate& certificate) {
  return ofd::write_package(composed(certificate, {}, {nullptr, MissingGlyph::kBox, false}));
}

Result<Message> answer_to(const Message& question, const testing::Options& options = {}) {
  testing::Options all = options;
  all.try_emplace("pdf-program", PDF_COPY_PROGRAM);
  testing::FakeContext context(kCopiesManifest, "copies", all);
  Copies copies(context);
  EXPECT_TRUE(copies.start().ok());
  auto answer = copies.answer(question, testing::call_of("t/copies", std::chrono::seconds(10)));
  if (!answer) context.expect_declared(answer.error());
  context.expect_all_options_read();
  return answer;
}

ofd::Package copy_in(const Message& answer) {
  EXPECT_EQ(answer.attachments.size(), 1u);
  const std::string bytes = read_all(*answer.attachments.front().content, 10'000'000).value();
  EXPECT_EQ(answer.attachments.front().digest, testing::sm3_of(bytes));
  return ofd::read_package(bytes, {}).value();
}

TEST(Copies, EveryPageSaysWhatForAndUntilWhen) {
  const auto answer = answer_to(question_about(sample_file(sample_crowded())));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const ofd::Package copy = copy_in(answer.value());
  const auto pages = ofd::read_structure(copy).value().pages;
  ASSERT_GT(pages.size(), 1u);
  for (std::size_t page = 0; page < pages.size(); ++page) {
    const std::string text = page_text(copy, static_cast<int>(page));
    for (const char* words : {"加注件（副本）", "南召县不动产登记中心", "不动产登记 20261124000001",
                              "2026-11-29 02:00:00", "2026-12-29 02:00:00"}) {
      EXPECT_NE(text.find(words), std::string::npos) << words << " on page " << page;
    }
  }
}

TEST(Copies, TheMetadataAreThoseOfTheStandard) {
  const ofd::Package copy = copy_in(answer_to(question_about(sample_file(sample_title()))).value());
  const std::string root = copy.find("OFD.xml")->bytes;
  for (const char* data : {"\"JZJZZSJ\">20261129020000<", "\"JZJZZZ\">南召县不动产登记中心<",
                           "\"JZJZZSY\">不动产登记 20261124000001<",
                           "\"JZJYXQJZSJ\">20261229020000<", "Name=\"ZZBS\">"}) {
    EXPECT_NE(root.find(data), std::string::npos) << data;
  }
  EXPECT_TRUE(ofd::read_seal_places(copy).value().empty());
  EXPECT_TRUE(ofd::render_document(copy, {}).ok());
  expect_schema_valid(copy);
  const auto by_another =
      answer_to(question_about(sample_file(sample_title())), {{"maker", "某市"}});
  EXPECT_NE(copy_in(by_another.value()).find("OFD.xml")->bytes.find("\"JZJZZZ\">某市<"),
            std::string::npos);
}

TEST(Copies, EachUseIsAnotherDocumentAndTheSameUseTheSame) {
  const std::string file = sample_file(sample_proof());
  CopyQuestion other = use();
  other.cause = "查档";
  const auto digest = [&](const CopyQuestion& copy) {
    return answer_to(question_about(file, copy)).value().attachments.front().digest;
  };
  EXPECT_EQ(digest(use()), digest(use()));
  EXPECT_NE(digest(use()), digest(other));
}

TEST(Copies, LongTextsAreCutBetweenCharacters) {
  CopyQuestion copy = use();
  copy.unit.clear();
  for (int i = 0; i < 500; ++i) copy.unit += "长";
  EXPECT_EQ(copy_text(copy.unit).size(), 255u);
  EXPECT_EQ(copy_text("a" + copy.unit).size(), 256u);
  EXPECT_EQ(copy_text("ab" + copy.unit).size(), 254u);
  const auto answer = answer_to(question_about(sample_file(sample_proof()), copy));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
}

TEST(Copies, OnlyOfFilesThatAreWhole) {
  const auto code_of = [](const Message& question, const testing::Options& options = {}) {
    const auto answer = answer_to(question, options);
    return answer ? std::string("copied") : answer.error().code;
  };
  EXPECT_EQ(code_of(question_about("PK\x03\x04 and so on")), "ofd.not_a_package");
  EXPECT_EQ(code_of(question_about(sample_file(sample_title())), {{"largest-file", "1kB"}}),
            "content.too_large");
  Message without_file = question_about("");
  without_file.attachments.clear();
  EXPECT_EQ(code_of(without_file), "ofd_compose.question");
  Message other = question_about(sample_file(sample_title()));
  other.type = "ofd.render";
  EXPECT_EQ(code_of(other), "ofd_compose.question");
  other = question_about(sample_file(sample_title()));
  other.body = content_of("<copy/>");
  EXPECT_EQ(code_of(other), "ofd_compose.question");
}

}  // namespace
}  // namespace certbridge::ofd_compose
