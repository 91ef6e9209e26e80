// The components as the host sees them, held to plugin.xml.
#include <gtest/gtest.h>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge_ofd/structure.h"
#include "composer.h"
#include "faces.h"
#include "renderer.h"
#include "samples.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kManifest = CERTBRIDGE_SOURCE_DIR "/plugins/ofd_compose/plugin.xml";
constexpr const char* kGlyphFont = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf";
constexpr const char* kGlyphFontDigest =
    "sha256:829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c";

testing::Options options() {
  return {{"title-template", CERTBRIDGE_SOURCE_DIR "/config/templates/title.xml"},
          {"proof-template", CERTBRIDGE_SOURCE_DIR "/config/templates/proof.xml"},
          {"glyph-font", kGlyphFont},
          {"glyph-font-digest", kGlyphFontDigest}};
}

Message issue(const Certificate& certificate) {
  Message message = testing::message_of("certificate.issue", kCertificateMediaType,
                                        write_certificate(certificate));
  message.headers["event-type"] = "SHANZHENG";
  return message;
}

Call call() { return testing::call_of("m1/compose", std::chrono::seconds(10)); }

TEST(Composer, AddsTheFileAndThePlaceOfTheSeal) {
  testing::FakeContext context(kManifest, "composer", options());
  ComposerStep composer(context);
  ASSERT_TRUE(composer.start().ok());
  auto made = composer.process(issue(sample_crowded()), call());
  ASSERT_TRUE(made.ok()) << made.error().message;
  ASSERT_EQ(made.value().size(), 1u);
  const Message& message = made.value().front();
  ASSERT_EQ(message.attachments.size(), 1u);
  const Attachment& file = message.attachments.front();
  EXPECT_EQ(file.name, "certificate.ofd");
  EXPECT_EQ(file.media_type, "application/ofd");
  const std::string bytes = read_all(*file.content, 10'000'000).value();
  EXPECT_EQ(file.size, bytes.size());
  EXPECT_EQ(file.digest, testing::sm3_of(bytes));
  EXPECT_EQ(message.headers.at("seal-box"), "119 174 42 42");
  EXPECT_EQ(message.headers.at("event-type"), "SHANZHENG");
  const auto pages = ofd::read_structure(ofd::read_package(bytes, {}).value()).value().pages;
  EXPECT_EQ(message.headers.at("seal-page-id"), pages.front().id);
  context.expect_all_options_read();
}

TEST(Composer, ComposingAgainReplacesTheFile) {
  testing::FakeContext context(kManifest, "composer", options());
  ComposerStep composer(context);
  ASSERT_TRUE(composer.start().ok());
  const Message once = composer.process(issue(sample_proof()), call()).value().front();
  const Message twice = composer.process(once, call()).value().front();
  ASSERT_EQ(twice.attachments.size(), 1u);
  EXPECT_EQ(once.attachments.front().digest, twice.attachments.front().digest);
}

TEST(Composer, RefusesWhatIsNoCertificate) {
  testing::FakeContext context(kManifest, "composer", options());
  ComposerStep composer(context);
  ASSERT_TRUE(composer.start().ok());
  for (const Message& message : {testing::message_of("x", "application/json", "{}"),
                                 testing::message_of("x", kCertificateMediaType, "<certificate/>"),
                                 testing::message_of("x", kCertificateMediaType, "no XML")}) {
    const auto made = composer.process(message, call());
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, "ofd_compose.certificate");
    context.expect_declared(made.error());
  }
}

TEST(Composer, RefusesABrokenPlan) {
  testing::FakeContext context(kManifest, "composer", options());
  ComposerStep composer(context);
  ASSERT_TRUE(composer.start().ok());
  Message message = issue(sample_title());
  message.attachments.push_back(testing::attachment_of("plan-1.png", "image/png", "not a picture"));
  const auto made = composer.process(message, call());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "ofd_compose.picture");
  context.expect_declared(made.error());
}

TEST(Composer, TheTypesVersionNamesItsTemplate) {
  testing::Options named = options();
  named["templates"] = CERTBRIDGE_SOURCE_DIR "/config/templates";
  testing::FakeContext context(kManifest, "composer", named);
  ComposerStep composer(context);
  ASSERT_TRUE(composer.start().ok());
  Message message = issue(sample_title());
  const auto usual = composer.process(message, call());
  message.headers["template"] = "title";
  const auto same = composer.process(message, call());
  ASSERT_TRUE(usual.ok() && same.ok());
  EXPECT_EQ(usual.value()[0].attachments[0].digest, same.value()[0].attachments[0].digest);
  for (const char* wrong : {"proof", "title-2"}) {
    message.headers["template"] = wrong;
    const auto refused = composer.process(message, call());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, "ofd_compose.no_template");
    EXPECT_NE(refused.error().message.find(wrong), std::string::npos);
    context.expect_declared(refused.error());
  }
}

TEST(Composer, AWrongSetUpIsAFault) {
  testing::Options swapped = options();
  std::swap(swapped["title-template"], swapped["proof-template"]);
  testing::Options pinned = options();
  pinned["glyph-font-digest"] = "sm3:" + std::string(64, '1');
  const std::pair<testing::Options, const char*> cases[] = {
      {swapped, "ofd_compose.template"}, {pinned, "ofd_compose.glyph_font_digest"}};
  for (const auto& [wrong, code] : cases) {
    testing::FakeContext context(kManifest, "composer", wrong);
    ComposerStep composer(context);
    const auto started = composer.start();
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().code, code);
    context.expect_declared(started.error());
  }
}

TEST(Renderer, AnswersWithAPicture) {
  const std::string file = ofd::write_package(composed(sample_title(), {}, {}));
  Renderer renderer;
  const auto answer =
      renderer.answer(testing::message_of("ofd.render", "application/ofd", file), call());
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().media_type, "image/svg+xml");
  EXPECT_NE(testing::body_of(answer.value()).find("南阳市自然资源和规划局"), std::string::npos);
  Message attached = testing::message_of("ofd.render", "", "");
  attached.attachments.push_back(
      testing::attachment_of("certificate.ofd", "application/ofd", file));
  EXPECT_TRUE(renderer.answer(attached, call()).ok());
}

TEST(Renderer, RefusesOtherQuestionsAndBrokenFiles) {
  testing::FakeContext context(kManifest, "renderer", {});
  Renderer renderer;
  const std::pair<Message, const char*> cases[] = {
      {testing::message_of("ofd.verify", "application/ofd", "x"), "ofd_compose.question"},
      {testing::message_of("ofd.render", "text/plain", "x"), "ofd_compose.question"},
      {testing::message_of("ofd.render", "application/ofd", "x"), "ofd.not_a_package"}};
  for (const auto& [question, code] : cases) {
    const auto answer = renderer.answer(question, call());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, code);
    context.expect_declared(answer.error());
  }
}

}  // namespace
}  // namespace certbridge::ofd_compose
