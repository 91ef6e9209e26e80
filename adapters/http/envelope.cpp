#include "envelope.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "certbridge/text.h"
#include "src/json_body.h"

namespace certbridge::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestValue = 512;
constexpr std::size_t kMostValues = 1000;  // of a list

Error wrong_field(const std::string& why) { return Error::permanent("http.field", why); }

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

const json::value* find(const json::object& root, std::string_view path) {
  const json::object* at = &root;
  while (true) {
    const auto end = std::min(path.find('/'), path.size());
    const json::value* found = at->if_contains(json::string_view(path.data(), end));
    if (found == nullptr || end == path.size()) return found;
    if (!found->is_object()) return nullptr;
    at = &found->get_object();
    path.remove_prefix(end + 1);
  }
}

// A text, whole number or truth value as text; empty when absent or null and not required.
Result<std::string> read_value(const json::value* found, const std::string& path, bool required) {
  std::string text;
  if (found != nullptr && found->is_string()) {
    text = std::string(std::string_view(found->get_string()));
  } else if (found != nullptr && (found->is_int64() || found->is_uint64() || found->is_bool())) {
    text = json::serialize(*found);
  } else if (found != nullptr && !found->is_null()) {
    return wrong_field(path + ": must be a text or a whole number, is " + shape_of(*found));
  }
  if (required && text.empty()) return wrong_field(path + ": must be given, is missing or empty");
  if (text.size() > kLongestValue) {
    return wrong_field(path + ": must be at most " + std::to_string(kLongestValue) +
                       " bytes, has " + std::to_string(text.size()));
  }
  if (!check_text(text) || text.find_first_of("\r\n\t") != std::string::npos) {
    return wrong_field(path + ": must be one line of text without control characters");
  }
  return text;
}

Result<std::string> read_field(const json::object& root, const std::string& path, bool required) {
  if (path.empty()) return std::string();
  return read_value(find(root, path), path, required);
}

// The value of a field, or those of a list of such values; the empty ones left out.
Result<std::vector<std::string>> read_values(const json::object& root, const EnvelopeField& field) {
  const json::value* found = find(root, field.field);
  if (found == nullptr || !found->is_array() || (field.required && found->get_array().empty())) {
    auto one = read_value(found, field.field, field.required);
    if (!one) return one.error();
    return one.value().empty() ? std::vector<std::string>{} : std::vector{one.value()};
  }
  const json::array& all = found->get_array();
  if (all.size() > kMostValues) {
    return wrong_field(field.field + ": must be at most " + std::to_string(kMostValues) +
                       " values, has " + std::to_string(all.size()));
  }
  std::vector<std::string> values;
  for (const json::value& each : all) {
    auto value = read_value(&each, field.field, field.required);
    if (!value) return value.error();
    if (!value.value().empty()) values.push_back(std::move(value).value());
  }
  return values;
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
  return "unreadable-" + to_hex_text({reinterpret_cast<const char*>(digest.data()), length});
}

Outcome::Verdict verdict_of(const VerdictRule& rule, const std::string& code) {
  if (rule.accepted.contains(code)) return Outcome::Verdict::kAccepted;
  return rule.withdrawn.contains(code) ? Outcome::Verdict::kWithdrawn : Outcome::Verdict::kRejected;
}

// Fills a message field by field; the first fault is noted, the rest is still read: what can be
// known of a parked message helps the one who mends it.
class EventReader {
 public:
  EventReader(const Envelope& envelope, const json::object& root, Message& message)
      : envelope_(envelope), root_(root), message_(message) {}

  void read() {
    // A mark that cannot be read counts: what must not be kept cannot be taken back.
    const auto mark = read_field(root_, envelope_.classified, false);
    message_.classified = !mark || is_true(mark.value());
    message_.source_key = field(envelope_.source_key, true);
    message_.area = field(envelope_.area, false);
    for (const EnvelopeField& key : envelope_.order_keys) read_keys(key);
    for (const EnvelopeField& header : envelope_.headers) {
      std::string value = field(header.field, header.required);
      if (!value.empty()) message_.headers[header.name] = std::move(value);
    }
  }

 private:
  void refuse(const Error& error) {
    if (message_.headers.contains("intake-error-code")) return;
    message_.headers["intake-error-code"] = error.code;
    message_.headers["intake-error"] = error.message;
  }
  std::string field(const std::string& path, bool required) {
    auto read = read_field(root_, path, required);
    if (read) return std::move(read).value();
    refuse(read.error());
    return {};
  }
  void read_keys(const EnvelopeField& field) {
    auto values = read_values(root_, field);
    if (!values) return refuse(values.error());
    auto& keys = message_.order_keys;
    for (std::string& value : values.value()) {
      OrderKey key{field.name, std::move(value)};
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
    }
  }

  const Envelope& envelope_;
  const json::object& root_;
  Message& message_;
};

}  // namespace

Message read_event(const Envelope& envelope, std::string body, Timestamp now) {
  Message message;
  message.type = envelope.message_type;
  message.created = now;
  message.media_type = "application/json";
  auto root = parse_json_object(body);
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
  auto root = parse_json_object(body);
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
  verdict.outcome.verdict = verdict_of(rule, code.value());
  const auto known = rule.rejected_as.find(code.value());
  if (known == rule.rejected_as.end()) {
    verdict.outcome.code = std::move(code).value();
    verdict.outcome.message = std::move(words).value();
  } else {
    verdict.outcome.code = known->second;
    verdict.outcome.message = code.value() + ": " + words.value();
  }
  verdict.outcome.remote_id = std::move(remote_id).value();
  verdict.outcome.when = now;
  return verdict;
}

}  // namespace certbridge::http
