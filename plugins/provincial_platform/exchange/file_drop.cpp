#include "exchange/file_drop.h"

namespace certbridge::provincial_platform {
namespace {

Message file_message(const std::string& type, const std::string& path) {
  Message message;
  message.type = type;
  message.headers["file-name"] = path;
  return message;
}

}  // namespace

Message FileDrop::dropped(const Prepared& prepared) const {
  Message message = file_message("file.put", path_of(names_.message, prepared));
  message.area = prepared.area;
  message.media_type = "application/xml";
  message.body = content_of(prepared.bytes);
  return message;
}

Result<std::optional<Response>> FileDrop::put(const Prepared& prepared, const Call& call) {
  const auto receipt = messages_.send(dropped(prepared), call);
  if (!receipt) return passed_on(receipt.error());
  return std::optional<Response>();
}

Result<Confirmation::State> FileDrop::lies(const Prepared& prepared, const Call& call) {
  const auto answer = messages_.confirm(dropped(prepared), call);
  if (!answer) return passed_on(answer.error());
  return answer.value().state;
}

Result<std::optional<Reply>> FileDrop::response(const Prepared& prepared, const Call& call) {
  const auto answer =
      responses_.answer(file_message("file.fetch", path_of(names_.response, prepared)), call);
  if (!answer) return passed_on(answer.error());
  const bool present = header_of(answer.value(), "file-state") == "present";
  if (!present || answer.value().body == nullptr) return std::optional<Reply>();
  auto bytes = read_all(*answer.value().body, kLargestResponse);
  if (!bytes) return passed_on(bytes.error());
  return std::optional(
      reply_of(std::move(bytes).value(), header_of(answer.value(), "file-modified")));
}

}  // namespace certbridge::provincial_platform
