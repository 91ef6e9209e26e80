#include "platform_folder.h"

namespace certbridge::provincial_platform::testing {
namespace {

constexpr std::uint64_t kLargest = 1UL << 24U;

std::string path_of(const Message& message) {
  const auto found = message.headers.find("file-name");
  return found == message.headers.end() ? std::string() : found->second;
}

}  // namespace

void PlatformFolder::lend_to(FakeContext& context) {
  context.set_secret("key", sample_key().pem);
  context.lend("messages", static_cast<Sink&>(*this));
  context.lend("responses", static_cast<Responder&>(*this));
}

Result<Receipt> PlatformFolder::send(const Message& message, const Call&) {
  if (watch_) watch_();
  const std::lock_guard lock(mutex_);
  std::string bytes = read_all(*message.body, kLargest).value();
  puts_.push_back(bytes);
  if (failing_) {
    failing_ = false;
    return Error::retryable("file.unreachable", "the folder is not there");
  }
  const auto [at, fresh] = files_.emplace(path_of(message), bytes);
  if (!fresh && at->second != bytes) return Error::permanent("file.different", "another file");
  return Receipt{Receipt::State::kSettled, path_of(message), {}, {}, {}};
}

Result<Confirmation> PlatformFolder::confirm(const Message& message, const Call&) {
  const std::lock_guard lock(mutex_);
  Confirmation answer;
  answer.state = Confirmation::State::kAbsent;
  if (files_.contains(path_of(message))) answer.state = Confirmation::State::kPresent;
  return answer;
}

Result<Message> PlatformFolder::answer(const Message& question, const Call&) {
  const std::lock_guard lock(mutex_);
  Message answer;
  answer.type = "file.answer";
  const auto found = files_.find(path_of(question));
  answer.headers["file-state"] = found == files_.end() ? "absent" : "present";
  if (found == files_.end()) return answer;
  answer.headers["file-modified"] = std::to_string(written_[found->first]);
  answer.body = content_of(found->second);
  return answer;
}

void PlatformFolder::respond(const std::string& number, const std::string& flag,
                             const std::string& code, const std::string& words) {
  put_response(number,
               "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<respond><BizMsgID>" +
                   number + "</BizMsgID><SuccessFlag>" + flag + "</SuccessFlag><ResponseCode>" +
                   code + "</ResponseCode><ResponseInfo>" + words +
                   "</ResponseInfo><CertID></CertID></respond>");
}

void PlatformFolder::put_response(const std::string& number, const std::string& text) {
  put_file(number.substr(0, 6) + "/RepMsg/Rep" + number + ".xml", text);
}

void PlatformFolder::put_file(const std::string& path, const std::string& text) {
  const std::lock_guard lock(mutex_);
  files_[path] = text;
  ++written_[path];
}

std::vector<std::string> PlatformFolder::names() const { return names_with("/BizMsg/"); }

std::vector<std::string> PlatformFolder::names_with(const std::string& part) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, bytes] : files_) {
    if (path.find(part) != std::string::npos) names.push_back(path);
  }
  return names;
}

}  // namespace certbridge::provincial_platform::testing
