#include "copies.h"

#include <algorithm>
#include <utility>

#include "apart.h"
#include "certbridge/options.h"
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

std::string with_size(const std::string& text) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>(text.size() >> shift & 0xffU));
  }
  return bytes + text;
}

// What the program says of a file: its code and words, when they are of the form that it writes.
Error refusal_in(const std::string& output) {
  const std::size_t end = output.find('\n');
  if (end == std::string::npos || !output.starts_with("ofd_compose.")) {
    return Error::fault("ofd_compose.copier", "the program that makes copies gave no answer");
  }
  const std::string code = output.substr(0, end);
  const std::string message = output.substr(end + 1);
  return code == "ofd_compose.copy_font" ? Error::fault(code, message)
                                         : Error::permanent(code, message);
}

}  // namespace

Result<void> Copies::start() {
  OptionReader options(context_.config());
  largest_ = options.size("largest-file");
  pdf_memory_ = options.size("pdf-memory");
  pdf_time_ = options.duration("pdf-time");
  maker_ = options.text("maker");
  font_ = options.file("pdf-font");
  copier_ = options.file("pdf-program");
  return options.result();
}

Result<std::string> Copies::ofd_copy(std::string file, const CopyQuestion& copy) {
  ofd::Overlay overlay = overlay_of(copy, maker_);
  overlay.id = id_of(file, write_copy_question(copy));
  auto original = ofd::read_package(std::exchange(file, {}), {});
  if (!original) return original.error();
  const auto made = ofd::overlaid(std::move(original).value(), overlay);
  if (!made) return made.error();
  return ofd::write_package(made.value());
}

Result<std::string> Copies::pdf_copy(const std::string& file, const CopyQuestion& copy,
                                     const Call& call) {
  const auto seconds =
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(pdf_time_).count(), 1);
  const std::string question = with_size(write_copy_question(copy));
  const std::string maker = with_size(maker_);
  auto answer =
      run_apart(copier_, {font_, std::to_string(seconds), std::to_string(pdf_memory_ >> 20)},
                {question, maker, file}, pdf_memory_, call);
  if (!answer) return answer.error();
  if (answer.value().code == 0) return std::move(answer).value().output;
  if (answer.value().code == 1) return refusal_in(answer.value().output);
  const bool out_of_memory = answer.value().code == 3;
  if (answer.value().code > 0 && !out_of_memory) {
    return Error::fault("ofd_compose.copier", "the program cannot be run: " + copier_);
  }
  return Error::permanent("ofd_compose.copy_limits",
                          "the file takes more time or memory than a copy may");
}

Result<Attachment> Copies::stored(const std::string& copy, const char* name,
                                  const char* media_type) {
  auto writer = context_.spool();
  if (!writer) return writer.error();
  auto content = store(*writer.value(), copy);
  if (!content) return content.error();
  return Attachment{name, media_type, content.value().size, content.value().digest,
                    content.value().content};
}

Result<Message> Copies::answer(const Message& question, const Call& call) {
  const auto copy = question_of(question);
  if (!copy) return copy.error();
  auto file = read_all(*question.attachments.front().content, largest_);
  if (!file) return file.error();
  const bool is_ofd = file.value().starts_with("PK");
  const auto made = is_ofd ? ofd_copy(std::move(file).value(), copy.value())
                           : pdf_copy(file.value(), copy.value(), call);
  if (!made) return made.error();
  auto attachment = is_ofd ? stored(made.value(), "copy.ofd", "application/ofd")
                           : stored(made.value(), "copy.pdf", "application/pdf");
  if (!attachment) return attachment.error();
  Message answer;
  answer.type = kCopyQuestion;
  answer.attachments.push_back(std::move(attachment).value());
  return answer;
}

}  // namespace certbridge::ofd_compose
