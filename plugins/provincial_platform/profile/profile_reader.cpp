#include "profile/profile_reader.h"

#include <algorithm>
#include <charconv>

#include "certbridge/text.h"

namespace certbridge::provincial_platform {
namespace {

constexpr int kLargestNumber = 100'000;
constexpr std::size_t kLongestName = 64;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || !is_letter(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || c == '_' || (c >= '0' && c <= '9'); });
}

}  // namespace

void ProfileReader::fail(const XmlElement& at, const std::string& why) {
  if (error_) return;
  error_ = Error::fault("profile.shape", file_ + ":" + std::to_string(at.line) + ":" +
                                             std::to_string(at.column) + ": " + at.name + ": " +
                                             shortened(why));
}

void ProfileReader::expect(const XmlElement& element, std::string_view name,
                           std::initializer_list<std::string_view> attributes) {
  if (element.name != name || element.name_space != name_space_) {
    return fail(element, "<" + std::string(name) + "> of " + name_space_ + " stands here");
  }
  if (element.text.find_first_not_of(" \t\r\n") != std::string::npos) {
    fail(element, "it has no text");
  }
  for (const XmlAttribute& given : element.attributes) {
    if (std::find(attributes.begin(), attributes.end(), given.name) == attributes.end()) {
      fail(element, "the attribute " + given.name + " is not known here");
    }
  }
}

std::string ProfileReader::needed(const XmlElement& element, const char* name) {
  std::string value = element.attribute_or_empty(name);
  if (value.empty()) fail(element, std::string("the attribute ") + name + " is missing or empty");
  return value;
}

int ProfileReader::number(const XmlElement& element, const char* name, int otherwise) {
  const XmlAttribute* given = element.attribute(name);
  if (given == nullptr) return otherwise;
  const char* end = given->value.data() + given->value.size();
  int value = 0;
  const auto [behind, problem] = std::from_chars(given->value.data(), end, value);
  if (problem != std::errc() || behind != end || value < 0 || value > kLargestNumber) {
    fail(element, std::string("the attribute ") + name + " is a number from 0 to 100000");
  }
  return value;
}

std::chrono::seconds ProfileReader::duration(const XmlElement& element, const char* name) {
  const std::string text = needed(element, name);
  int count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const int factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (problem != std::errc() || factor == 0 || count < 1 || count > 10'000) {
    fail(element, std::string("the attribute ") + name + " is a duration as 10m");
  }
  return std::chrono::seconds(static_cast<std::int64_t>(count) * factor);
}

bool ProfileReader::yes(const XmlElement& element, const char* name, bool otherwise) {
  const XmlAttribute* given = element.attribute(name);
  if (given == nullptr) return otherwise;
  if (given->value != "yes" && given->value != "no") {
    fail(element, std::string("the attribute ") + name + " is yes or no");
  }
  return given->value == "yes";
}

std::string ProfileReader::wire_name(const XmlElement& element, const char* name) {
  std::string value = element.attribute_or_empty(name);
  if (!is_name(value)) {
    fail(element, std::string("the attribute ") + name +
                      " is a letter and up to 63 letters, digits and underscores");
  }
  return value;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace certbridge::provincial_platform
