#include "envelope.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "certbridge/text.h"

namespace certbridge::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kLongestValue = 512;

Error wrong(const char* code, const std::string& why) { return Error::permanent(code, why); }

Result<json::value> parse_body(std::string_view body) {
  if (auto checked = check_text(body); !checked) {
    return wrong("http.encoding",
                 "body: must be UTF-8 without control characters; " + checked.error().message);
  }
  json::parse_options options;
  options.max_depth = kDeepest;
  json::error_code problem;
  json::stream_parser parser({}, options);
  const std::size_t used = parser.write_some(body.data(), body.size(), problem);
  if (!problem && used == body.size()) parser.finish(problem);
  if (problem || used != body.size()) {
    return wrong("http.json", "body: must be one JSON value; it is wrong at byte " +
                                  std::to_string(used) + " of " + std::to_string(body.size()));
  }
  json::value value = parser.release();
  if (!value.is_object()) return wrong("http.json", "body: must be a JSON object");
  return value;
}

const char* shape_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object:
      return "an object";
    case json::kind::array:
      return "a list";
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "true or false";
    case json::kind::double_:
      return "a number with a fraction";
    default:
      return "a text";
  }
}

const json::value* find(const json::value& root, std::string_view path) {
  const json::value* at = &root;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    if (!at->is_object()) return nullptr;
    at = at->get_object().if_contains(json::string_view(name.data(), name.size()));
    if (at == nullptr) return nullptr;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

// A text, whole number or truth value as text; empty when absent or null and not required.
Result<std::string> read_field(const json::value& root, const std::string& path, bool required) {
  if (path.empty()) return std::string();
  const json::value* found = find(root, path);
  std::string text;
  if (found != nullptr && found->is_string()) {
    text = std::string(std::string_view(found->get_string()));
  } else if (found != nullptr && (found->is_int64() || found->is_uint64() || found->is_bool())) {
    text = json::serialize(*found);
  } else if (found != nullptr && !found->is_null()) {
    return wrong("http.field", path + ": must be a text or a whole number, is " + shape_of(*found));
  }
  if (required && text.empty())
    return wrong("http.field", path + ": must be given, is missing or empty");
  if (text.size() > kLongestValue) {
    return wrong("http.field", path + ": must be at most " + std::to_string(kLongestValue) +
                                   " bytes, has " + std::to_string(text.size()));
  }
  if (!check_text(text) || text.find_first_of("\r\n\t") != std::string::npos) {
    return wrong("http.field", path + ": must be one line of text without control characters");
  }
  return text;
}

bool is_true(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return !text.empty() && text != "0" && text != "false" && text != "no" && text != "n" &&
         text != "否";
}

// What stands for the key of a body whose own key cannot be read: the same bytes, the same key.
std::string key_of_bytes(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(body.data(), body.size(), digest.data(), &length, EVP_sha256(), nullptr);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string key = "unreadable-";
  for (unsigned int i = 0; i < length; ++i) {
    key += kDigits[digest[i] >> 4];
    key += kDigits[digest[i] & 15];
  }
  return key;
}

// Fills a message field by field; the first fault is noted, the rest is still read: what can be
// known of a parked message helps the one who mends it.
class EventReader {
 public:
  EventReader(const Envelope& envelope, const json::value& root, Message& message)
      : envelope_(envelope), root_(root), message_(message) {}

  void read() {
    message_.classified = is_true(field(envelope_.classified, false));
    message_.source_key = field(envelope_.source_key, true);
    message_.area = field(envelope_.area, false);
    for (const EnvelopeField& key : envelope_.order_keys) {
      std::string value = field(key.field, key.required);
      if (!value.empty()) message_.order_keys.push_back({key.name, std::move(value)});
    }
    for (const EnvelopeField& header : envelope_.headers) {
      std::string value = field(header.field, header.required);
      if (!value.empty()) message_.headers[header.name] = std::move(value);
    }
  }

 private:
  std::string field(const std::string& path, bool required) {
    auto read = read_field(root_, path, required);
    if (read) return std::move(read).value();
    if (!message_.headers.contains("intake-error-code")) {
      message_.headers["intake-error-code"] = read.error().code;
      message_.headers["intake-error"] = read.error().message;
    }
    return {};
  }

  const Envelope& envelope_;
  const json::value& root_;
  Message& message_;
};

}  // namespace

Message read_event(const Envelope& envelope, std::string body, Timestamp now) {
  Message message;
  message.type = envelope.message_type;
  message.created = now;
  message.media_type = "application/json";
  auto root = parse_body(body);
  if (root) {
    EventReader(envelope, root.value(), message).read();
  } else {
    message.headers["intake-error-code"] = root.error().code;
    message.headers["intake-error"] = root.error().message;
  }
  if (message.source_key.empty()) message.source_key = key_of_bytes(body);
  message.body = content_of(std::move(body));
  return message;
}

Result<Verdict> read_verdict(const VerdictRule& rule, std::string_view body, Timestamp now) {
  auto root = parse_body(body);
  if (!root) return root.error();
  auto correlation = read_field(root.value(), rule.correlation, true);
  if (!correlation) return correlation.error();
  auto code = read_field(root.value(), rule.code, true);
  if (!code) return code.error();
  auto words = read_field(root.value(), rule.message, false);
  if (!words) return words.error();
  auto remote_id = read_field(root.value(), rule.remote_id, false);
  if (!remote_id) return remote_id.error();
  Verdict verdict;
  verdict.correlation = {rule.endpoint, std::move(correlation).value()};
  verdict.outcome.verdict = rule.accepted.contains(code.value()) ? Outcome::Verdict::kAccepted
                                                                 : Outcome::Verdict::kRejected;
  verdict.outcome.code = std::move(code).value();
  verdict.outcome.message = std::move(words).value();
  verdict.outcome.remote_id = std::move(remote_id).value();
  verdict.outcome.when = now;
  return verdict;
}

}  // namespace certbridge::http
