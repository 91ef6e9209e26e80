#include <algorithm>
#include <chrono>

#include "certbridge_sm/der.h"
#include "certbridge_sm/sm3.h"
#include "components.h"
#include "gate_checks.h"
#include "local_signer.h"
#include "remote_signer.h"
#include "seal_file.h"

namespace certbridge::seal_service {
namespace {

// Name under which the time of sealing is remembered; one value for each certificate.
constexpr const char* kSealingTime = "sealing";

std::string iso_time(Timestamp time) {
  const std::string t = sm::der::format_generalized_time(time);  // YYYYMMDDHHMMSSZ
  return t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + "T" + t.substr(8, 2) + ":" +
         t.substr(10, 2) + ":" + t.substr(12, 3);
}

// The step, and what of it is to be signed: a record that was read again, or a renewed seal, gives
// other bytes, which no earlier answer fits.
std::string request_id(const Call& call, std::string_view to_be_signed) {
  return call.step_key + "/" + to_hex(sm::sm3(to_be_signed)).substr(0, 16);
}

OrderKey certificate_key(const Message& message) {
  for (const OrderKey& key : message.order_keys) {
    if (key.kind == "certificate") return key;
  }
  return {};
}

class Sealer final : public Processor {
 public:
  Sealer(Context& context, bool remote) : context_(context), remote_(remote) {}

  Result<void> start() override {
    auto closed = context_.config().boolean("closed");
    if (!closed) return closed.error();
    closed_ = closed.value();
    return remote_ ? start_remote() : start_local();
  }

  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto found = std::find_if(message.attachments.begin(), message.attachments.end(),
                                    [](const Attachment& one) { return one.name == kOfdName; });
    if (found == message.attachments.end() || found->content == nullptr) {
      return Error::permanent("sealer.no_file",
                              "the message has no attachment certificate.ofd to seal");
    }
    auto name = seal_name(message);
    if (!name) return name.error();
    auto file = read_all(*found->content, kLargestFile);
    if (!file) return file.error();
    auto time = sealing_time(message, found->digest, call);
    if (!time) return time.error();
    auto sealed = seal(message, file.value(), name.value(), time.value(), call);
    // A seal that was renewed at the service is refused as it was remembered: once more, afresh.
    const bool refused = !sealed && sealed.error().severity == Severity::kPermanent;
    if (refused && signer_->forget(name.value())) {
      sealed = seal(message, file.value(), name.value(), time.value(), call);
    }
    if (!sealed) return sealed.error();
    return hand_on(message, sealed.value(), name.value(), time.value());
  }

 private:
  Result<void> start_local() {
    auto file = context_.config().file("signers");
    if (!file) return file.error();
    auto passphrase = context_.config().secret("passphrase");
    if (!passphrase) return passphrase.error();
    auto signer = read_local_signers(file.value(), passphrase.value(), operation_counter(context_));
    if (!signer) return signer.error();
    signer_ = std::move(signer).value();
    return {};
  }

  Result<void> start_remote() {
    auto http = context_.responder("seal-http");
    if (!http) return http.error();
    auto token = context_.config().secret("token");
    if (!token) return token.error();
    signer_ =
        std::make_unique<RemoteSigner>(*http.value(), token.value(), operation_counter(context_));
    return {};
  }

  Result<SealName> seal_name(const Message& message) const {
    const Expectation expected{
        header_of(message, "issuer-code"), header_of(message, "type-code"), {}};
    const IssuerSeal* seal = registered_seal(context_.issuers(), expected);
    if (seal != nullptr) return SealName{seal->seal_id, seal->signer};
    return Error::permanent("sealer.no_seal", "the issuer " + expected.issuer_code +
                                                  " has no seal registered for the type " +
                                                  expected.type_code + "; add it to issuers.xml");
  }

  // A service that remembers what it signed must be asked for the same bytes again after a crash,
  // so the time that goes into them is durable before the first question.
  Result<Timestamp> sealing_time(const Message& message, const Sm3Digest& unsealed,
                                 const Call& call) {
    const Timestamp now = std::chrono::floor<std::chrono::seconds>(context_.clock().now());
    if (!signer_->remembers()) return now;
    const std::string request = call.step_key + "|" + to_hex(unsealed) + "|";
    const OrderKey key = certificate_key(message);
    auto known = context_.memory().get(call.step_key, key, kSealingTime);
    if (!known) return known.error();
    if (known.value() && known.value()->starts_with(request)) {
      return sm::der::parse_generalized_time(
          std::string_view(*known.value()).substr(request.size()));
    }
    const std::string value = request + sm::der::format_generalized_time(now);
    if (auto put = context_.memory().put(call.step_key, key, kSealingTime, value); !put)
      return put.error();
    if (auto kept = context_.memory().flush(call.step_key); !kept) return kept.error();
    return now;
  }

  Result<std::string> seal(const Message& message, const std::string& file, const SealName& name,
                           Timestamp time, const Call& call) {
    auto package = open_package(file);
    if (!package) return package.error();
    auto der = signer_->seal(name, call);
    if (!der) return der;
    const SealRequest request{der.value(),
                              {header_of(message, "seal-page-id"), header_of(message, "seal-box")},
                              time,
                              closed_};
    auto prepared = prepare_seal(std::move(package).value(), request);
    if (!prepared) return prepared.error();
    const std::string& bytes = prepared.value().to_be_signed;
    auto value = signer_->sign(name, bytes, request_id(call, bytes), call);
    if (!value) return value.error();
    return finish_seal(file, std::move(prepared).value(), value.value().certificate,
                       value.value().signature);
  }

  Result<std::vector<Message>> hand_on(const Message& message, const std::string& sealed,
                                       const SealName& name, Timestamp time) {
    auto writer = context_.spool();
    if (!writer) return writer.error();
    auto stored = store(*writer.value(), sealed);
    if (!stored) return stored.error();
    Message out = message;
    for (Attachment& attachment : out.attachments) {
      if (attachment.name != kOfdName) continue;
      attachment = {kOfdName, kOfdMediaType, stored.value().size, stored.value().digest,
                    stored.value().content};
      out.headers["file-digest"] = to_hex(attachment.digest);
    }
    out.headers["seal-id"] = name.seal_id;
    out.headers["sealed-at"] = iso_time(time);
    out.headers["sealed-by"] = name.signer;
    return std::vector<Message>{std::move(out)};
  }

  Context& context_;
  bool remote_;
  bool closed_ = true;
  std::unique_ptr<Signer> signer_{};
};

}  // namespace

std::unique_ptr<Processor> make_sealer(Context& context, bool remote) {
  return std::make_unique<Sealer>(context, remote);
}

}  // namespace certbridge::seal_service
