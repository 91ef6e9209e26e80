#include "copies.h"

#include <utility>

#include "certbridge/query.h"
#include "certbridge_ofd/overlay.h"
#include "certbridge_ofd/package.h"
#include "certbridge_sm/sm3.h"
#include "copy_marks.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::uint64_t kLargestQuestion = 64UL * 1024;
constexpr std::size_t kIdDigits = 32;

Error wrong_question(const std::string& reason) {
  return Error::permanent("ofd_compose.question", reason);
}

Result<CopyQuestion> question_of(const Message& message) {
  if (message.type != kCopyQuestion || message.body == nullptr || message.attachments.size() != 1 ||
      message.attachments.front().content == nullptr) {
    return wrong_question("the question must be certificate.copy with one file");
  }
  const auto body = read_all(*message.body, kLargestQuestion);
  if (!body) return body.error();
  auto question = parse_copy_question(body.value());
  if (!question) return wrong_question(question.error().message);
  return question;
}

Result<ofd::Package> package_of(const std::string& file) {
  if (!file.starts_with("PK")) {
    return Error::permanent("ofd_compose.no_ofd", "copies are made of OFD files only");
  }
  return ofd::read_package(file, {});
}

// Another document than the original, and another one for each use of it.
std::string id_of(const std::string& file, const std::string& question) {
  sm::Sm3 sm3;
  sm3.update(file);
  sm3.update(question);
  return to_hex(sm3.finish()).substr(0, kIdDigits);
}

ofd::Overlay overlay_of(const CopyQuestion& copy, const std::string& maker) {
  ofd::Overlay overlay;
  overlay.font = "宋体";
  overlay.modified = people_time(copy.made).substr(0, 10);
  overlay.custom_data = {{"JZJZZSJ", metadata_time(copy.made)},
                         {"JZJZZZ", copy_text(maker.empty() ? copy.unit : maker)},
                         {"JZJZZSY", copy_text(copy.cause)},
                         {"JZJYXQJZSJ", metadata_time(copy.expires)}};
  overlay.draw = [&copy](ofd::Canvas& canvas, int font) { mark_copy(canvas, font, copy); };
  return overlay;
}

}  // namespace

Result<void> Copies::start() {
  const auto largest = context_.config().size("largest-file");
  if (!largest) return largest.error();
  largest_ = largest.value();
  if (!context_.config().has("maker")) return {};
  auto maker = context_.config().text("maker");
  if (!maker) return maker.error();
  maker_ = std::move(maker).value();
  return {};
}

Result<Attachment> Copies::stored(const std::string& copy) {
  auto writer = context_.spool();
  if (!writer) return writer.error();
  auto content = store(*writer.value(), copy);
  if (!content) return content.error();
  return Attachment{"copy.ofd", "application/ofd", content.value().size, content.value().digest,
                    content.value().content};
}

Result<Message> Copies::answer(const Message& question, const Call&) {
  const auto copy = question_of(question);
  if (!copy) return copy.error();
  auto file = read_all(*question.attachments.front().content, largest_);
  if (!file) return file.error();
  ofd::Overlay overlay = overlay_of(copy.value(), maker_);
  overlay.id = id_of(file.value(), write_copy_question(copy.value()));
  auto original = package_of(std::exchange(file.value(), {}));
  if (!original) return original.error();
  const auto made = ofd::overlaid(std::move(original).value(), overlay);
  if (!made) return made.error();
  auto attachment = stored(ofd::write_package(made.value()));
  if (!attachment) return attachment.error();
  Message answer;
  answer.type = kCopyQuestion;
  answer.attachments.push_back(std::move(attachment).value());
  return answer;
}

}  // namespace certbridge::ofd_compose
