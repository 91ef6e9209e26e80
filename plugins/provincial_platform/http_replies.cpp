#include "http_replies.h"

#include <boost/json.hpp>

namespace certbridge::provincial_platform {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepestReply = 8;

using Means = HttpReplies::Means;
constexpr std::pair<const char*, Means> kMeanings[] = {{"received", Means::kReceived},
                                                       {"accepted", Means::kAccepted},
                                                       {"refused", Means::kRefused},
                                                       {"busy", Means::kBusy}};

std::optional<json::object> object_of(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepestReply;
  json::error_code problem;
  json::value parsed =
      json::parse(json::string_view(text.data(), text.size()), problem, {}, options);
  if (problem || !parsed.is_object()) return {};
  return std::move(parsed.get_object());
}

// Texts as they are, whole numbers as their digits.
std::string member_text(const json::object& answer, const std::string& name) {
  const json::value* found = answer.if_contains(json::string_view(name.data(), name.size()));
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(std::string_view(found->get_string()));
  return found->is_int64() || found->is_uint64() ? json::serialize(*found) : std::string();
}

Error not_taken(const std::string& why) {
  return Error::retryable("provincial.reply",
                          "the platform's answer to the posted message " + why +
                              "; it counts as not taken, the same bytes are sent again");
}

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

Result<std::optional<Response>> said_at_once(const HttpReplies& replies, const std::string& number,
                                             std::string_view text) {
  const auto answer = object_of(text);
  if (!answer) return not_taken("is no JSON object");
  Response said;
  said.number = number;
  said.code = reply_code(member_text(*answer, replies.code));
  said.words = reply_words(member_text(*answer, replies.words));
  const auto found = replies.codes.find(said.code);
  if (found == replies.codes.end()) {
    return not_taken("has the code \"" + said.code + "\", which the profile does not know");
  }
  if (found->second == Means::kBusy) return not_taken("is that it is busy, code " + said.code);
  if (found->second == Means::kReceived) return std::optional<Response>();
  said.accepted = found->second == Means::kAccepted;
  return std::optional(std::move(said));
}

}  // namespace certbridge::provincial_platform
