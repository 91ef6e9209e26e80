// Components with options, issuers and a test authority as a configuration would give them.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "certbridge/testing/fake_context.h"
#include "certbridge_sm/sm3.h"
#include "components.h"
#include "testing/corpus.h"

namespace certbridge::seal_service {

namespace fs = std::filesystem;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::Options;

inline const Timestamp kNow =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);
inline const char* const kNanyang = "11411300MB1T000091";
inline const char* const kZhenping = "11411324MB1T00009R";
inline const char* const kType = "11100000MB03271699001";
inline const std::string kManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/seal_service/plugin.xml";

inline void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline fs::path fresh_folder() {
  std::string pattern = fs::temp_directory_path() / "seal-service-XXXXXX";
  return ::mkdtemp(pattern.data());
}

inline IssuerDirectory issuers() {
  Issuer nanyang{.name = "南阳市", .code = kNanyang};
  nanyang.seals = {{"41130000000001", {kType}, "nanyang"}};
  Issuer zhenping{.name = "镇平县", .code = kZhenping};
  zhenping.seals = {{"41132400000001", {kType}, "zhenping"}};
  return IssuerDirectory({nanyang, zhenping});
}

class Components : public ::testing::Test {
 protected:
  Components() {
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
  ~Components() override { fs::remove_all(folder_); }

  FakeContext& prepared(FakeContext& context) {
    context.set_issuers(issuers());
    context.mutable_clock().set(kNow);
    return context;
  }
  Options local_options() const {
    return {{"signers", (folder_ / "signers.xml").string()}, {"passphrase", "open sesame"}};
  }
  Options trust_options() const { return {{"trust", (folder_ / "trust.pem").string()}}; }

  static Message certificate(const std::string& file) {
    Message message;
    message.type = "certificate.issue";
    message.headers = {{"issuer-code", kNanyang},
                       {"type-code", kType},
                       {"identifier", testing::kSampleIdentifier},
                       {"seal-page-id", "1"},
                       {"seal-box", "130 200 40 40"}};
    message.order_keys = {{"certificate", "one"}};
    message.attachments = {{kOfdName, kOfdMediaType, file.size(), sm::sm3(file), content_of(file)}};
    return message;
  }
  static Call call() {
    Call made;
    made.step_key = "m1/seal";
    return made;
  }
  std::string sealed_by(std::size_t signer) const {
    return seal_sample(testing::sample_document(), testing::sample_stamp(), world_.good[signer],
                       kNow, true);
  }
  std::string sealed_by_open(std::size_t signer) const {
    return seal_sample(testing::sample_document(), testing::sample_stamp(), world_.good[signer],
                       kNow, false);
  }

  testing::World world_ =
      testing::make_world(
          {{"41130000000001", "南阳市", "nanyang"}, {"41132400000001", "镇平县", "zhenping"}}, kNow)
          .value();
  fs::path folder_ = fresh_folder();
};

}  // namespace certbridge::seal_service
