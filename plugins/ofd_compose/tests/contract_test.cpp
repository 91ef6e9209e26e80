// What every processor and responder owes its host, plain and through the wire, with the library as
// it is shipped: the composer on each kind of certificate, the renderer on a composed file.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include "certbridge/query.h"
#include "certbridge/testing/loaded_plugin.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge_ofd/package.h"
#include "faces.h"
#include "samples.h"

namespace certbridge::ofd_compose {
namespace {

using testing::FakeContext;
using testing::Options;
using testing::Through;

const std::string kSources = CERTBRIDGE_SOURCE_DIR;
const std::string kManifest = kSources + "/plugins/ofd_compose/plugin.xml";

class ComposeContract : public ::testing::TestWithParam<Through> {
 protected:
  static Options options() {
    return {{"title-template", kSources + "/config/templates/title.xml"},
            {"proof-template", kSources + "/config/templates/proof.xml"},
            {"glyph-font", "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"},
            {"glyph-font-digest",
             "sha256:829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c"}};
  }
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      testing::load_plugin(OFD_COMPOSE_LIBRARY);
};

TEST_P(ComposeContract, TheComposerKeepsWhatAProcessorOwes) {
  for (const Certificate& certificate : {sample_title(), sample_proof(), sample_crowded()}) {
    FakeContext context(kManifest, "composer", options());
    testing::check_processor_contract(
        {*plugin_, context, "composer"},
        testing::message_of("certificate.issue", kCertificateMediaType,
                            write_certificate(certificate)),
        GetParam());
    context.expect_all_options_read();
  }
}

TEST_P(ComposeContract, TheRendererKeepsWhatAResponderOwes) {
  FakeContext context(kManifest, "renderer", {});
  const std::string file = ofd::write_package(composed(sample_proof(), {}, {}));
  testing::check_responder_contract({*plugin_, context, "renderer"},
                                    testing::message_of("ofd.render", "application/ofd", file),
                                    GetParam());
}

TEST_P(ComposeContract, TheCopierKeepsWhatAResponderOwes) {
  FakeContext context(kManifest, "copies", {{"pdf-program", PDF_COPY_PROGRAM}});
  const CopyQuestion copy{"unit", "cause", Timestamp{}, Timestamp{} + std::chrono::hours(1)};
  Message question = testing::message_of(kCopyQuestion, kQueryMediaType, write_copy_question(copy));
  question.attachments = {testing::attachment_of(
      "certificate.ofd", "application/ofd", ofd::write_package(composed(sample_proof(), {}, {})))};
  testing::check_responder_contract({*plugin_, context, "copies"}, question, GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, ComposeContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::ofd_compose
