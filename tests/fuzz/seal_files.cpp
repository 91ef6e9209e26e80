// The list of signatures, a signature's own file, and the answers of a remote seal service
// (plugins/seal_service).
#include "certbridge/testing/memory_content.h"
#include "certbridge_sm/base64.h"
#include "fuzz.h"
#include "remote_signer.h"
#include "signature_files.h"
#include "testing/world.h"

namespace certbridge::fuzz {
namespace {

using namespace seal_service;

const Timestamp kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
const SealName kName{"41130000000001", "nanyang"};

// A seal service that answers every request with the input.
class Service final : public Responder {
 public:
  explicit Service(std::string_view body) : body_(body) {}
  Result<Message> answer(const Message&, const Call&) override {
    Message answer =
        certbridge::testing::message_of("http.response", "application/json", std::string(body_));
    answer.headers["http-status"] = "200";
    return answer;
  }

 private:
  std::string_view body_;
};

void check_files(std::string_view input) {
  if (auto list = parse_signatures_list(input, "Doc_0/Signs/Signatures.xml"); !list)
    require_refusal(list.error(), input);
  const std::string path = "Doc_0/Signs/Sign_0/Signature.xml";
  const auto file = parse_signature_file(input, path);
  if (!file) return require_refusal(file.error(), input);
  const std::string written = write_signature_file(file.value());
  const auto again = parse_signature_file(written, path);
  require(again.ok() && write_signature_file(again.value()) == written,
          "what was written is the same");
}

void check_service(std::string_view input) {
  Service service(input);
  RemoteSigner signer(service, "token", [](std::string_view, int) {});
  const Call call = certbridge::testing::call_of("m1/seal", std::chrono::minutes(1));
  if (auto seal = signer.seal(kName, call); !seal) require_refusal(seal.error(), input);
  const auto signature = signer.sign(kName, "to be signed", "request", call);
  if (!signature) require_refusal(signature.error(), input);
}

}  // namespace

std::vector<std::string> samples() {
  const auto made = seal_service::testing::make_world({{kName.seal_id, "南阳市", "nanyang"}}, kNow);
  const auto& sealed = made.value().good.front();
  const std::string signature =
      sm::sm2_sign(sealed.signer.key, sm::kDefaultSignerId, "to be signed").value();
  SignatureFile file;
  file.date_time = "20261124003000Z";
  file.references = {{"OFD.xml", Sm3Digest{}}, {"Doc_0/Document.xml", Sm3Digest{}}};
  file.stamps = {{"1", "10 10 40 40"}};
  const SignaturePaths paths = signature_paths("Doc_0");
  file.seal_path = paths.seal;
  file.value_path = paths.value;
  return {write_signature_file(file), write_signatures_list(paths),
          R"({"code":"0","seal":")" + sm::base64_encode(sealed.seal) + "\"}",
          R"({"code":"0","signature":")" + sm::base64_encode(signature) + R"(","certificate":")" +
              sm::base64_encode(sealed.signer.certificate.der()) + "\"}",
          R"({"code":"409","message":"欧阳测试 11010519491231002X"})"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_files(input);
  check_service(input);
  return 0;
}
