// What every processor and responder owes its host, plain and through the wire, with the library as
// it is shipped: sealer, gate and verifier on files of a test authority.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include "certbridge/testing/loaded_plugin.h"
#include "components_fixture.h"

namespace certbridge::seal_service {
namespace {

using certbridge::testing::Through;

class SealContract : public Components, public ::testing::WithParamInterface<Through> {
 protected:
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(SEAL_SERVICE_LIBRARY);
};

// Its signature is random: plugin.xml declares the outside effect, and the host keeps the result.
TEST_P(SealContract, TheSealerKeepsWhatAProcessorOwes) {
  FakeContext context(kManifest, "sealer", local_options());
  certbridge::testing::check_processor_contract({*plugin_, prepared(context), "sealer"},
                                                certificate(pack(testing::sample_document())),
                                                GetParam());
}

TEST_P(SealContract, TheGateKeepsWhatAProcessorOwes) {
  FakeContext context(kManifest, "gate", trust_options());
  certbridge::testing::check_processor_contract({*plugin_, prepared(context), "gate"},
                                                certificate(sealed_by(0)), GetParam());
  context.expect_all_options_read();
}

TEST_P(SealContract, TheVerifierKeepsWhatAResponderOwes) {
  FakeContext context(kManifest, "verifier", trust_options());
  Message question = certbridge::testing::message_of("ofd.verify", kOfdMediaType, sealed_by(0));
  certbridge::testing::check_responder_contract({*plugin_, prepared(context), "verifier"}, question,
                                                GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, SealContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::seal_service
