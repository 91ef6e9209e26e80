#include "answer.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "certbridge/text.h"
#include "charset.h"

namespace certbridge::municipal_library {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 16;
constexpr std::size_t kMostListed = 1000;
constexpr std::size_t kMostMembers = 500;
constexpr std::size_t kLargestEntries = 8'000'000;
constexpr std::size_t kDeepestMember = 5;
constexpr std::size_t kLongestWords = 120;
constexpr std::size_t kLongestDigits = 5;

Error garbled(const std::string& why) {
  return Error::retryable("municipal.garbled",
                          "the library's answer is not understood (" + why +
                              "); whether it acted is asked before anything is sent again");
}

std::optional<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::error_code problem;
  json::value parsed =
      json::parse(json::string_view(text.data(), text.size()), problem, {}, options);
  if (problem) return {};
  return parsed;
}

// Texts as they are, numbers as their digits; nothing else is a word.
std::optional<std::string> word_of(const json::value& value) {
  if (value.is_string()) return std::string(std::string_view(value.get_string()));
  if (value.is_int64() || value.is_uint64()) return json::serialize(value);
  return {};
}

// Some libraries send an object as a text of JSON.
json::value unfolded(const json::value& value) {
  if (!value.is_string()) return value;
  const std::string_view text(value.get_string());
  if (!text.starts_with('{') && !text.starts_with('[')) return value;
  auto parsed = parse_json(text);
  if (!parsed) return value;
  return *std::move(parsed);
}

const json::value* find(const json::value& root, std::string_view path) {
  const json::value* at = &root;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (!at->is_object()) return nullptr;
    const std::string_view name = path.substr(0, end);
    at = at->get_object().if_contains(json::string_view(name.data(), name.size()));
    if (at == nullptr) return nullptr;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

std::string text_of_number(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

// As word_of(), and fractions and truths too; what is nested too deeply to be taken apart, as JSON.
std::string plain_text(const json::value& value) {
  if (auto word = word_of(value)) return std::move(*word);
  if (value.is_structured()) return json::serialize(value);
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  return value.is_double() ? text_of_number(value.get_double()) : std::string();
}

// Takes entries apart, within limits for all of them together.
class Flattener {
 public:
  explicit Flattener(std::string_view face) : face_(face) {}
  bool too_much() const { return too_much_; }

  Members members_of(const json::object& entry) {
    members_.clear();
    const json::value* face = nullptr;
    for (const auto& [name, value] : entry) {
      if (!face_.empty() && std::string_view(name) == face_) {
        face = &value;
      } else {
        add(std::string(std::string_view(name)), value, 1);
      }
    }
    if (face != nullptr) add_face(*face);
    return std::move(members_);
  }

 private:
  void add_face(const json::value& value) {
    const json::value plain = unfolded(value);
    if (!plain.is_object()) return add(std::string(face_), plain, 1);
    for (const auto& [name, item] : plain.get_object())
      add(std::string(std::string_view(name)), item, 1);
  }
  void add(std::string name, const json::value& value, std::size_t depth) {
    if (too_much_) return;
    if (value.is_object() && depth < kDeepestMember) {
      for (const auto& [part, item] : value.get_object())
        add(name + "/" + std::string(std::string_view(part)), item, depth + 1);
    } else if (value.is_array() && depth < kDeepestMember) {
      std::size_t number = 0;
      for (const json::value& item : value.get_array())
        add(name + "/" + std::to_string(++number), item, depth + 1);
    } else if (std::string text = plain_text(value); !text.empty() && !name.empty()) {
      bytes_ += name.size() + text.size();
      too_much_ = members_.size() >= kMostMembers || bytes_ > kLargestEntries;
      if (!too_much_) members_.push_back({std::move(name), std::move(text)});
    }
  }

  std::string_view face_;
  Members members_{};
  std::size_t bytes_ = 0;
  bool too_much_ = false;
};

// The last name of a path.
std::string_view last_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Texts texts_of(const json::object& object) {
  Texts texts;
  for (const auto& [name, value] : object) {
    if (auto word = word_of(value)) texts.emplace(std::string_view(name), std::move(*word));
  }
  return texts;
}

}  // namespace

struct Answer::Document {
  json::value data{};
  bool is_envelope = false;  // the data stand beside code and words, not in a member of their own
};

Result<Answer> Answer::parse(std::string_view body, const Dialect& dialect) {
  const auto text = to_utf8(body, dialect.charset);
  if (!text) return garbled("its bytes are not text of the agreed charset");
  auto root = parse_json(*text);
  if (!root) return garbled("it is not JSON, or nested too deeply");
  Answer answer;
  const json::value* code = find(*root, dialect.code_path);
  const auto code_word = code == nullptr ? std::nullopt : word_of(*code);
  if (!code_word || code_word->empty()) return garbled("it has no result code");
  answer.code_ = *code_word;
  if (const json::value* words = find(*root, dialect.text_path)) {
    answer.words_ = scrub(word_of(*words).value_or(""));
  }
  const json::value* data = find(*root, dialect.data_path);
  Document document;
  if (data != nullptr) document.data = unfolded(*data);
  document.is_envelope = dialect.code_path.starts_with(dialect.data_path + "/");
  answer.document_ = std::make_shared<const Document>(std::move(document));
  return answer;
}

std::optional<std::string> Answer::field(std::string_view path) const {
  const json::value* found = find(document_->data, path);
  if (found == nullptr) return {};
  auto word = word_of(*found);
  if (word && word->empty()) return {};
  return word;
}

std::vector<Texts> Answer::list(std::string_view path) const {
  std::vector<Texts> entries;
  const json::value* found = find(document_->data, path);
  if (found == nullptr) return entries;
  const json::value value = unfolded(*found);
  if (value.is_object() && !value.get_object().empty())
    entries.push_back(texts_of(value.get_object()));
  if (!value.is_array()) return entries;
  for (const json::value& entry : value.get_array()) {
    const json::value plain = unfolded(entry);
    if (plain.is_object() && entries.size() < kMostListed)
      entries.push_back(texts_of(plain.get_object()));
  }
  return entries;
}

Result<std::vector<Members>> Answer::entries(const FoundRule& rule, std::size_t most) const {
  const json::value& data = document_->data;
  const json::value* at = data.is_array() ? &data : find(data, rule.list);
  const bool is_entry = at == nullptr && !document_->is_envelope && data.is_object() &&
                        data.get_object().contains(std::string_view(last_of(rule.identifier)));
  if (is_entry) at = &data;
  std::vector<Members> entries;
  if (at == nullptr) return entries;
  const json::value value = unfolded(*at);
  Flattener flattener(rule.face);
  const auto take = [&](const json::value& entry) {
    const json::value plain = unfolded(entry);
    if (!plain.is_object() || plain.get_object().empty() || entries.size() >= most) return;
    entries.push_back(flattener.members_of(plain.get_object()));
  };
  if (value.is_object()) take(value);
  if (value.is_array()) {
    for (const json::value& entry : value.get_array()) take(entry);
  }
  if (!flattener.too_much()) return entries;
  return Error::permanent("municipal.too_much",
                          "the library's answer holds more than is taken: 500 members of a "
                          "certificate and 8 MB in all; narrow the question by certificate type");
}

std::string scrub(std::string_view text) {
  const auto decoded = decode_utf8(text);
  if (!decoded) return "(not readable)";
  std::u32string kept;
  std::u32string digits;
  const auto flush = [&] {
    kept += digits.size() > kLongestDigits ? U"…" : digits;
    digits.clear();
  };
  for (const char32_t c : *decoded) {
    const bool digit = (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９');
    if (digit) {
      digits += c;
      continue;
    }
    flush();
    kept += c < U' ' || c == U'\x7f' ? U' ' : c;
  }
  flush();
  if (kept.size() > kLongestWords) kept = kept.substr(0, kLongestWords - 1) + U"…";
  return encode_utf8(kept);
}

}  // namespace certbridge::municipal_library
