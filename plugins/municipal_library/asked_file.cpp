#include "asked_file.h"

#include <array>
#include <map>

#include "certbridge_sm/base64.h"
#include "certbridge_sm/sm3.h"
#include "find.h"
#include "holdings.h"
#include "lifted_text.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;
constexpr std::size_t kLongestAddress = 4096;
constexpr std::size_t kHexOfDigest = 64;

Error garbled(const std::string& why) {
  return Error::retryable("municipal.garbled",
                          "the library's answer about a file is not understood (" + why + ")");
}
Error too_large(std::uint64_t largest) {
  return Error::permanent(
      "content.too_large",
      "the file that the library holds is above max-file (" + std::to_string(largest) + " bytes)");
}

// Takes the text that holds the file or its address: which of the two is told beside it, before or
// behind.
class FileText {
 public:
  explicit FileText(const FileSettings& settings) : settings_(settings) {}

  Result<void> take(std::string_view piece) {
    if (text_.size() <= kLongestAddress) text_ += piece.substr(0, kLongestAddress);
    if (broken_) return {};
    std::string bytes;
    broken_ = !decoder_.decode(piece, bytes);
    size_ += bytes.size();
    if (size_ > settings_.largest) return too_large(settings_.largest);
    if (bytes.empty()) return {};
    if (writer_ == nullptr) {
      auto opened = settings_.spool();
      if (!opened) return opened.error();
      writer_ = std::move(opened).value();
    }
    return writer_->write(std::as_bytes(std::span(bytes)));
  }
  const std::string& text() const { return text_; }
  Result<StoredContent> finish() {
    if (broken_ || !decoder_.finish()) return garbled("the file is not Base64");
    if (writer_ == nullptr) return garbled("the file is empty");
    return writer_->finish();
  }

 private:
  const FileSettings& settings_;
  std::string text_{};  // its beginning
  sm::Base64Decoder decoder_{};
  std::unique_ptr<ContentWriter> writer_{};
  std::uint64_t size_ = 0;
  bool broken_ = false;
};

std::string last_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Result<Answer> read_answer(const Content& body, const Dialect& dialect, FileText& text) {
  TextLifter lifter(dialect.ask.file.content, last_of(dialect.data_path), dialect.charset,
                    [&](std::string_view piece) { return text.take(piece); });
  std::string buffer(kPiece, '\0');
  for (std::uint64_t offset = 0; offset < body.size();) {
    auto count = body.read(offset, std::as_writable_bytes(std::span(buffer)));
    if (!count) return count.error();
    if (count.value() == 0) break;
    auto fed = lifter.feed(std::string_view(buffer).substr(0, count.value()));
    if (!fed) return fed.error();
    offset += count.value();
  }
  return Answer::parse(lifter.rest(), dialect);
}

Result<StoredContent> fetched(LibraryCaller& caller, const FileSettings& settings,
                              const std::string& address, const Call& call) {
  auto path = path_of_address(settings.addresses, address);
  if (!path) return path.error();
  auto content = caller.fetch(path.value(), call);
  if (!content) return content.error();
  StoredContent stored{std::move(content).value(), 0, {}};
  stored.size = stored.content->size();
  if (stored.size == 0) return garbled("the file is empty");
  if (stored.size > settings.largest) return too_large(settings.largest);
  auto digest = sm::sm3_of(*stored.content);
  if (!digest) return digest.error();
  stored.digest = digest.value();
  return stored;
}

Result<void> check_answer(const AskedFileRule& rule, const FileQuestion& question,
                          const Answer& answer, const StoredContent& stored) {
  const std::string identifier = answer.field(rule.identifier).value_or("");
  if (!rule.identifier.empty() && !identifier.empty() && !question.identifier.empty() &&
      identifier != question.identifier) {
    return garbled("it is another certificate's");
  }
  const std::string stated =
      rule.digest.empty() ? std::string() : lower(answer.field(rule.digest).value_or(""));
  if (stated.empty()) return {};
  if (stated.size() != kHexOfDigest) return garbled("its digest is not one of SM3");
  if (stated == to_hex(stored.digest)) return {};
  return Error::retryable("municipal.file_damaged",
                          "the file that came does not have the digest that the library states; "
                          "ask again, and the library when it stays so");
}

Result<Attachment> attached(StoredContent stored) {
  static const std::map<std::string, const char*> kTypes{{"ofd", "application/ofd"},
                                                         {"pdf", "application/pdf"},
                                                         {"jpg", "image/jpeg"},
                                                         {"png", "image/png"},
                                                         {"bin", "application/octet-stream"}};
  std::array<char, 16> first{};
  auto count = stored.content->read(0, std::as_writable_bytes(std::span(first)));
  if (!count) return count.error();
  const std::string_view begin(first.data(), count.value());
  if (begin.starts_with('<') || begin.starts_with('{')) return garbled("a page instead of a file");
  const std::string extension = extension_of(begin);
  Attachment file;
  file.name = "certificate." + extension;
  file.media_type = kTypes.at(extension);
  file.size = stored.size;
  file.digest = stored.digest;
  file.content = std::move(stored.content);
  return file;
}

}  // namespace

std::string extension_of(std::string_view first_bytes) {
  if (first_bytes.starts_with("PK\x03\x04")) return "ofd";
  if (first_bytes.starts_with("%PDF-")) return "pdf";
  if (first_bytes.starts_with("\xff\xd8\xff")) return "jpg";
  if (first_bytes.starts_with("\x89PNG\r\n")) return "png";
  return "bin";
}

Result<Attachment> fetch_file(LibraryCaller& caller, const FileSettings& settings,
                              const FileQuestion& question, const Call& call) {
  const AskedFileRule& rule = caller.dialect().ask.file;
  if (rule.call.path.empty()) return not_offered("a file");
  Asked asked;
  asked.asked_for = question.asked_for;
  asked.identifier = question.identifier;
  asked.file = question.file;
  Subject subject;
  subject.asked = &asked;
  std::optional<FileText> text;
  auto reply = caller.ask_and_read(rule.call, subject, call, [&](const Content& body) {
    text.emplace(settings);
    return read_answer(body, caller.dialect(), *text);
  });
  if (!reply) return reply.error();
  const Answer& answer = reply.value().answer;
  if (reply.value().meaning != AnswerClass::kOk) {
    return error_of(reply.value().meaning, rule.call.name, answer.code(), answer.words());
  }
  const std::string kind = answer.field(rule.kind).value_or("");
  const bool addressed = !rule.address.empty() && kind == rule.address;
  if (!addressed && kind != rule.base64) return garbled("it is neither Base64 nor an address");
  auto stored = addressed ? fetched(caller, settings, text->text(), call) : text->finish();
  if (!stored) return stored.error();
  if (auto checked = check_answer(rule, question, answer, stored.value()); !checked) {
    return checked.error();
  }
  return attached(std::move(stored).value());
}

}  // namespace certbridge::municipal_library
