#include "queries.h"

#include "asked_file.h"
#include "caller_settings.h"
#include "certbridge/query.h"
#include "find.h"
#include "verdict.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint64_t kLargestQuestion = 1'000'000;

Error no_question(const std::string& why) {
  return Error::permanent("municipal.question", "the question cannot be read: " + why);
}

Message answer_of(const Message& question, std::string xml) {
  Message answer;
  answer.type = question.type;
  answer.media_type = kQueryMediaType;
  answer.body = content_of(std::move(xml));
  return answer;
}

class Queries final : public Responder {
 public:
  Queries(Context& context, CallerSettings settings, FileSettings files, Responder& transport)
      : files_(std::move(files)),
        caller_(
            std::move(settings), transport, [&context] { return context.clock().now(); },
            [&context] { return context.clock().steady(); }, &random_bytes) {}

  Result<Message> answer(const Message& question, const Call& call) override {
    if (question.body == nullptr) return no_question("it has no body");
    auto xml = read_all(*question.body, kLargestQuestion);
    if (!xml) return xml.error();
    if (question.type == kFindQuestion) return find(question, xml.value(), call);
    if (question.type == kFileQuestion) return file(question, xml.value(), call);
    if (question.type == kVerifyQuestion) return verify(question, xml.value(), call);
    return no_question("its type is none that a library answers");
  }

 private:
  Result<Message> find(const Message& question, const std::string& xml, const Call& call) {
    auto asked = parse_find_question(xml);
    if (!asked) return no_question(asked.error().message);
    auto found = find_certificates(caller_, asked.value(), call);
    if (!found) return found.error();
    return answer_of(question, write_find_answer(found.value()));
  }

  Result<Message> file(const Message& question, const std::string& xml, const Call& call) {
    auto asked = parse_file_question(xml);
    if (!asked) return no_question(asked.error().message);
    auto found = fetch_file(caller_, files_, asked.value(), call);
    if (!found) return found.error();
    Message answer;
    answer.type = question.type;
    answer.attachments.push_back(std::move(found).value());
    return answer;
  }
  Result<Message> verify(const Message& question, const std::string& xml, const Call& call) {
    auto asked = parse_verify_question(xml);
    if (!asked) return no_question(asked.error().message);
    if (question.attachments.size() != 1 || question.attachments[0].content == nullptr) {
      return no_question("it has no file, or several");
    }
    auto verdict =
        verify_file(caller_, asked.value(), question.attachments[0].content, files_.largest, call);
    if (!verdict) return verdict.error();
    return answer_of(question, write_verify_answer(verdict.value()));
  }

  FileSettings files_;
  LibraryCaller caller_;
};

Result<FileSettings> read_file_settings(Context& context) {
  FileSettings settings;
  auto largest = context.config().size("max-file");
  if (!largest) return largest.error();
  settings.largest = largest.value();
  settings.spool = [&context] { return context.spool(); };
  if (!context.config().has("file-addresses")) return settings;
  auto text = context.config().text("file-addresses");
  if (!text) return text.error();
  auto addresses = read_addresses(text.value());
  if (!addresses) return addresses.error();
  settings.addresses = std::move(addresses).value();
  return settings;
}

}  // namespace

Result<std::unique_ptr<Responder>> make_queries(Context& context) {
  auto settings = read_caller_settings(context.config());
  if (!settings) return settings.error();
  auto files = read_file_settings(context);
  if (!files) return files.error();
  auto transport = context.responder("library");
  if (!transport) return transport.error();
  return std::unique_ptr<Responder>(std::make_unique<Queries>(
      context, std::move(settings).value(), std::move(files).value(), *transport.value()));
}

}  // namespace certbridge::municipal_library
