// What every processor and responder owes its host, plain and through the wire, with the library as
// it is shipped: sealer, gate and verifier on files of a test authority.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "certbridge/testing/loaded_plugin.h"
#include "certbridge_sm/x509.h"
#include "components.h"
#include "testing/corpus.h"

namespace certbridge::seal_service {
namespace {

namespace fs = std::filesystem;
using certbridge::testing::FakeContext;
using certbridge::testing::Options;
using certbridge::testing::Through;

const Timestamp kNow =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);
const char* const kIssuer = "11411300MB1T000091";
const char* const kType = "11100000MB03271699001";
const std::string kManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/seal_service/plugin.xml";

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class SealContract : public ::testing::TestWithParam<Through> {
 protected:
  SealContract() {
    std::string pattern = fs::temp_directory_path() / "seal-contract-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    const auto& signer = world_.good.front();
    write(folder_ / "trust.pem", world_.trust_pem);
    write(folder_ / "nanyang.p12",
          sm::write_pkcs12({signer.signer.key, signer.signer.certificate}, "open sesame").value());
    write(folder_ / "nanyang.esl", signer.seal);
    write(
        folder_ / "signers.xml",
        "<signers xmlns=\"urn:certbridge:signers:1\"><signer name=\"nanyang\" key=\"nanyang.p12\">"
        "<seal id=\"41130000000001\" file=\"nanyang.esl\"/></signer></signers>");
  }
  ~SealContract() override { fs::remove_all(folder_); }

  FakeContext& prepared(FakeContext& context) {
    Issuer issuer{.name = "南阳市", .code = kIssuer};
    issuer.seals = {{"41130000000001", {kType}, "nanyang"}};
    context.set_issuers(IssuerDirectory({issuer}));
    context.mutable_clock().set(kNow);
    return context;
  }
  Options trust() const { return {{"trust", (folder_ / "trust.pem").string()}}; }
  static Message certificate(const std::string& file) {
    Message message = certbridge::testing::message_of("certificate.issue", "text/xml", "<a/>");
    message.headers = {{"issuer-code", kIssuer},
                       {"type-code", kType},
                       {"identifier", testing::kSampleIdentifier},
                       {"seal-page-id", "1"},
                       {"seal-box", "130 200 40 40"}};
    message.attachments = {certbridge::testing::attachment_of(kOfdName, kOfdMediaType, file)};
    return message;
  }
  std::string sealed() const {
    return seal_sample(testing::sample_document(), testing::sample_stamp(), world_.good.front(),
                       kNow, true);
  }

  testing::World world_ =
      testing::make_world({{"41130000000001", "南阳市", "nanyang"}}, kNow).value();
  fs::path folder_{};
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(SEAL_SERVICE_LIBRARY);
};

// Its signature is random: plugin.xml declares the outside effect, and the host keeps the result.
TEST_P(SealContract, TheSealerKeepsWhatAProcessorOwes) {
  FakeContext context(
      kManifest, "sealer",
      {{"signers", (folder_ / "signers.xml").string()}, {"passphrase", "open sesame"}});
  certbridge::testing::check_processor_contract({*plugin_, prepared(context), "sealer"},
                                                certificate(pack(testing::sample_document())),
                                                GetParam());
}

TEST_P(SealContract, TheGateKeepsWhatAProcessorOwes) {
  FakeContext context(kManifest, "gate", trust());
  certbridge::testing::check_processor_contract({*plugin_, prepared(context), "gate"},
                                                certificate(sealed()), GetParam());
  context.expect_all_options_read();
}

TEST_P(SealContract, TheVerifierKeepsWhatAResponderOwes) {
  FakeContext context(kManifest, "verifier", trust());
  Message question = certbridge::testing::message_of("ofd.verify", kOfdMediaType, sealed());
  certbridge::testing::check_responder_contract({*plugin_, prepared(context), "verifier"}, question,
                                                GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, SealContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::seal_service
