#include "components.h"
#include "gate_checks.h"
#include "verify_file.h"

namespace certbridge::seal_service {
namespace {

// Part of the verdict: what it does not say anything about.
constexpr const char* kNotMadeHeader = "checks-not-made";

class Gate final : public Processor {
 public:
  explicit Gate(Context& context) : context_(context) {}

  Result<void> start() override {
    auto seals = read_trusted_seals(context_);
    if (!seals) return seals.error();
    seals_ = std::move(seals).value();
    if (!seals_->has_revocations()) {
      context_.logger().log(
          LogLevel::kWarning, "seal_gate.checks_not_made",
          {{"check", "revocation"}, {"reason", "the option revocations is not set"}});
    }
    return {};
  }

  Result<std::vector<Message>> process(const Message& message, const Call&) override {
    Message passed = message;
    passed.headers.erase(kNotMadeHeader);
    bool any = false;
    for (const Attachment& attachment : message.attachments) {
      if (!is_ofd_file(attachment)) continue;
      any = true;
      auto not_made = check_file(message, attachment);
      if (!not_made) return not_made.error();
      if (!not_made.value().empty()) passed.headers[kNotMadeHeader] = not_made.value();
    }
    if (!any) return Error::permanent("seal_gate.no_file", "the message has no OFD file to check");
    return std::vector<Message>{std::move(passed)};
  }

 private:
  // The names of the checks that were not made on a file that may pass.
  Result<std::string> check_file(const Message& message, const Attachment& attachment) {
    if (attachment.content == nullptr) {
      return Error::permanent("seal_gate.no_file",
                              "the attachment " + attachment.name + " is empty");
    }
    auto file = read_all(*attachment.content, kLargestFile);
    if (!file) return file.error();
    const Report report = verify_file(file.value(), *seals_, context_.clock().now());
    if (report.failure) return *report.failure;
    const Expectation expected{header_of(message, "issuer-code"), header_of(message, "type-code"),
                               header_of(message, "identifier")};
    if (auto owned = check_ownership(report, expected, context_.issuers()); !owned)
      return owned.error();
    return report.not_made();
  }

  Context& context_;
  std::unique_ptr<TrustedSeals> seals_{};
};

class Verifier final : public Responder {
 public:
  explicit Verifier(Context& context) : context_(context) {}

  Result<void> start() override {
    auto seals = read_trusted_seals(context_);
    if (!seals) return seals.error();
    seals_ = std::move(seals).value();
    return {};
  }

  Result<Message> answer(const Message& question, const Call&) override {
    if (question.type != "ofd.verify") {
      return Error::permanent("seal_verifier.question",
                              "the verifier answers ofd.verify and not " + question.type);
    }
    if (question.body == nullptr) {
      return Error::permanent("seal_verifier.question", "the question has no file as its body");
    }
    auto file = read_all(*question.body, kLargestFile);
    if (!file) return file.error();
    Message answer;
    answer.type = "ofd.verified";
    answer.created = context_.clock().now();
    answer.media_type = "application/json";
    answer.body = content_of(write_report(verify_file(file.value(), *seals_, answer.created)));
    return answer;
  }

 private:
  Context& context_;
  std::unique_ptr<TrustedSeals> seals_{};
};

}  // namespace

std::unique_ptr<Processor> make_gate(Context& context) { return std::make_unique<Gate>(context); }
std::unique_ptr<Responder> make_verifier(Context& context) {
  return std::make_unique<Verifier>(context);
}

}  // namespace certbridge::seal_service
