#include "collector.h"

#include "caller_settings.h"
#include "certbridge/certificate_type.h"
#include "certbridge_sm/sm3.h"
#include "certificate_message.h"
#include "collect.h"
#include "status.h"
#include "types.h"

namespace certbridge::municipal_library {
namespace {

constexpr const char* kFileName = "certificate.ofd";

const Attachment* sealed_file(const Message& message) {
  for (const Attachment& attachment : message.attachments) {
    if (attachment.name == kFileName) return &attachment;
  }
  return nullptr;
}

Error wrong_file(const std::string& why) {
  return Error::permanent(
      "municipal.file_digest",
      "the certificate's file " + why + "; only the sealed file that the seal gate saw is sent");
}

class Collector final : public Sink {
 public:
  Collector(Context& context, CallerSettings settings, Responder& transport,
            std::uint64_t largest_file)
      : context_(context),
        largest_file_(largest_file),
        caller_(
            std::move(settings), transport, [&context] { return context.clock().now(); },
            [&context] { return context.clock().steady(); }, &random_bytes) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    auto receipt = send_now(message, call);
    return receipt ? std::move(receipt) : Result<Receipt>(for_the_host(receipt.error()));
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    auto answer = confirm_now(message, call);
    return answer ? std::move(answer) : Result<Confirmation>(for_the_host(answer.error()));
  }

 private:
  Result<Receipt> send_now(const Message& message, const Call& call) {
    const Timestamp now = context_.clock().now();
    if (message.type == "certificate.status") return send_status(message, now, call);
    if (message.type == kCertificateTypeMessage) return tell_type_of(caller_, message, now, call);
    auto certificate = read_issued(message);
    if (!certificate) return certificate.error();
    auto file = read_file(message);
    if (!file) return file.error();
    Subject subject = subject_of(message, certificate.value());
    subject.file_bytes = file.value();
    ProgressBook book = book_of(subject, call);
    return collect(caller_, subject, book, now, call);
  }

  Result<Confirmation> confirm_now(const Message& message, const Call& call) {
    const Timestamp now = context_.clock().now();
    // Saying it again changes nothing there.
    if (message.type == kCertificateTypeMessage) return absent();
    if (message.type == "certificate.status") {
      auto life = read_life(message);
      if (!life) return life.error();
      return confirm_status(caller_, subject_of_status(message, life.value(), now),
                            change_of(message, life.value()), now, call);
    }
    auto certificate = read_issued(message);
    if (!certificate) return certificate.error();
    const Subject subject = subject_of(message, certificate.value());
    ProgressBook book = book_of(subject, call);
    return confirm_collected(caller_, subject, book, now, call);
  }

  ProgressBook book_of(const Subject& subject, const Call& call) {
    return {context_.memory(), call.step_key, subject.certificate->identifier.text(),
            subject.file_digest};
  }

  Result<Receipt> send_status(const Message& message, Timestamp now, const Call& call) {
    auto life = read_life(message);
    if (!life) return life.error();
    Subject subject = subject_of_status(message, life.value(), now);
    return tell_status(caller_, subject, change_of(message, life.value()), now, call);
  }

  static Confirmation absent() {
    Confirmation answer;
    answer.state = Confirmation::State::kAbsent;
    return answer;
  }

  Result<std::string> read_file(const Message& message) const {
    const Attachment* file = sealed_file(message);
    if (file == nullptr || file->content == nullptr) return wrong_file("is missing");
    const std::string promised = header_of(message, "file-digest");
    if (promised.empty() || promised != to_hex(file->digest)) {
      return wrong_file("is not the one that the header file-digest names");
    }
    auto bytes = read_all(*file->content, largest_file_);
    if (!bytes) return bytes.error();
    if (to_hex(sm::sm3(bytes.value())) != promised)
      return wrong_file("does not have the digest that it claims");
    return bytes;
  }

  static Subject subject_of(const Message& message, const Certificate& certificate) {
    Subject subject;
    subject.certificate = &certificate;
    subject.type_name = header_of(message, "type-name");
    subject.file_name = certificate.identifier.text() + ".ofd";
    subject.file_digest = header_of(message, "file-digest");
    return subject;
  }
  static StatusChange change_of(const Message& message, const LifeRecord& life) {
    return {life.word, header_of(message, "status-before")};
  }

  Context& context_;
  std::uint64_t largest_file_;
  LibraryCaller caller_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_collector(Context& context) {
  auto settings = read_caller_settings(context.config());
  if (!settings) return settings.error();
  if (settings.value().dialect.issue.empty()) {
    return Error::fault("municipal.option",
                        "the dialect is of a platform that keeps an index: use the kind index");
  }
  auto largest = context.config().size("max-file");
  if (!largest) return largest.error();
  auto transport = context.responder("library");
  if (!transport) return transport.error();
  return std::unique_ptr<Sink>(std::make_unique<Collector>(context, std::move(settings).value(),
                                                           *transport.value(), largest.value()));
}

}  // namespace certbridge::municipal_library
