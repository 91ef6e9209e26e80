#include "profile/http_replies_reader.h"

#include <utility>

namespace certbridge::provincial_platform {
namespace {

using Means = HttpReplies::Means;
constexpr std::pair<const char*, Means> kMeanings[] = {{"received", Means::kReceived},
                                                       {"accepted", Means::kAccepted},
                                                       {"refused", Means::kRefused},
                                                       {"busy", Means::kBusy}};

}  // namespace

HttpReplies read_http_replies(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "http",
                {"code", "words", "received", "accepted", "refused", "busy", "unsure"});
  HttpReplies replies{reader.wire_name(element, "code"), reader.wire_name(element, "words"), {}};
  bool taken = false;
  for (const auto& [name, means] : kMeanings) {
    for (const std::string& code : words_of(element.attribute_or_empty(name))) {
      if (!is_reply_code(code)) reader.fail(element, kNoReplyCode);
      if (!replies.codes.emplace(code, means).second) reader.fail(element, code + " stands twice");
      taken = taken || means == Means::kReceived || means == Means::kAccepted;
    }
  }
  if (!taken) reader.fail(element, "no code means received or accepted");
  return replies;
}

}  // namespace certbridge::provincial_platform
