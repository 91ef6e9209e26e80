#include "engine/reading.h"

#include <openssl/evp.h>

#include <algorithm>
#include <map>
#include <memory>

#include "certbridge/xml.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestBody = 1024UL * 1024;
constexpr std::size_t kLongestMask = 40;
constexpr std::size_t kMostDifferences = 100;
constexpr std::size_t kMostInWords = 20;

using Fields = std::map<std::string, std::string>;

// What differs with every reading and says nothing of the record.
bool is_of_the_run(std::string_view header) {
  return header == "record-digest" || header == "warnings";
}

// What tells an element from others of its name: its key, or the name of a set or field of records.
const char* key_attribute(const XmlElement& element) {
  return element.name_space == "urn:certbridge:records:1" ? "name" : "key";
}

void flatten(const XmlElement& element, const std::string& path, Fields& into) {
  for (const XmlAttribute& attribute : element.attributes) {
    into[path + "@" + attribute.name] = attribute.value;
  }
  if (element.children.empty()) into[path] = element.text;
  std::map<std::string, int> counts;
  for (const XmlElement& child : element.children) {
    // What has a key keeps its name when another of its kind comes before it.
    const std::string key = child.attribute_or_empty(key_attribute(child));
    const std::string name = key.empty() ? child.name : child.name + "[" + key + "]";
    const int count = ++counts[name];
    const std::string step = name + (count == 1 ? "" : "[" + std::to_string(count) + "]");
    flatten(child, path.empty() ? step : path + "/" + step, into);
  }
}

Fields fields_of(const Message& message) {
  Fields fields;
  for (const auto& [name, value] : message.headers) {
    if (!is_of_the_run(name)) fields["header " + name] = value;
  }
  if (message.body == nullptr) return fields;
  const auto bytes = read_all(*message.body, kLargestBody);
  if (!bytes) return fields;
  const auto root = parse_xml(bytes.value(), "body", XmlLimits{});
  if (root) {
    flatten(root.value(), "", fields);
  } else {
    fields["body"] = bytes.value();
  }
  return fields;
}

void compare(const std::string& id, const Fields& before, const Fields& after,
             std::vector<FieldDifference>& found) {
  std::map<std::string, std::pair<std::string, std::string>> all;
  for (const auto& [name, value] : before) all[name].first = value;
  for (const auto& [name, value] : after) all[name].second = value;
  for (const auto& [name, values] : all) {
    if (values.first == values.second || found.size() >= kMostDifferences) continue;
    found.push_back({id, name, masked(values.first), masked(values.second)});
  }
}

class Sm3 {
 public:
  Sm3() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sm3(), nullptr);
  }
  // With its length, so that two texts never read as one.
  void add(std::string_view text) {
    const std::string length = std::to_string(text.size()) + ":";
    EVP_DigestUpdate(context_.get(), length.data(), length.size());
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
  }
  Sm3Digest finish() {
    Sm3Digest digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string masked(std::string_view text) {
  std::string mask;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) == 0x80U) continue;  // the rest of a character
    if (++count > kLongestMask) return mask + "...";
    if (byte >= 0x80) {
      mask += "字";
    } else if (byte >= '0' && byte <= '9') {
      mask += '9';
    } else if ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') {
      mask += 'X';
    } else {
      mask += byte < 0x20 || byte == 0x7F ? ' ' : text[at];
    }
  }
  return mask;
}

std::vector<Message> reading_of(const std::vector<Message>& messages) {
  std::vector<Message> reading = messages;
  for (Message& message : reading) {
    for (const Attachment& file : message.attachments) {
      message.headers["file " + file.name] = to_hex(file.digest);
    }
    message.attachments.clear();
  }
  return reading;
}

std::vector<std::pair<std::string, std::string>> fields_in(const Message& message) {
  const Fields fields = fields_of(message);
  return {fields.begin(), fields.end()};
}

std::string reading_key(const std::string& message_id) { return message_id + "/parked/reading"; }

std::vector<FieldDifference> differences(const std::vector<Message>& before,
                                         const std::vector<Message>& after) {
  std::map<std::string, std::pair<Fields, Fields>> all;
  for (const Message& message : before) all[message.id].first = fields_of(message);
  for (const Message& message : after) all[message.id].second = fields_of(message);
  std::vector<FieldDifference> found;
  for (const auto& [id, readings] : all) compare(id, readings.first, readings.second, found);
  return found;
}

std::string in_words(const std::vector<FieldDifference>& found) {
  if (found.empty()) return "same";
  std::string words;
  for (std::size_t i = 0; i < std::min(found.size(), kMostInWords); ++i) {
    const FieldDifference& one = found[i];
    const std::string before = one.before.empty() ? "(nothing)" : one.before;
    const std::string after = one.after.empty() ? "(nothing)" : one.after;
    words += (words.empty() ? "" : "; ") + one.field + ": " + before + " -> " +
             (before == after ? "another " + after : after);
  }
  if (found.size() > kMostInWords) {
    words += "; and " + std::to_string(found.size() - kMostInWords) + " more";
  }
  return words;
}

Result<Sm3Digest> reviewed_digest(const Message& message) {
  Sm3 sm3;
  sm3.add(message.type);
  sm3.add(header_of(message, "identifier"));
  sm3.add(header_of(message, "version"));
  if (message.body != nullptr) {
    const auto bytes = read_all(*message.body, kLargestBody);
    if (!bytes) return bytes.error();
    sm3.add(bytes.value());
  }
  for (const Attachment& file : message.attachments) {
    sm3.add(file.name);
    sm3.add(to_hex(file.digest));
  }
  return sm3.finish();
}

bool in_share(const Sm3Digest& digest, double share) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | digest.at(i);
  return static_cast<double>(number) < share * 4294967296.0;
}

}  // namespace certbridge::host
