#include "plain_xml.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "certbridge/text.h"

namespace certbridge {
namespace {

constexpr std::size_t kLargest = 1024UL * 1024;  // bytes
constexpr std::size_t kLongestPlainName = 128;
constexpr std::size_t kMostAttributes = 64;
constexpr int kDeepest = 200;  // libxml2 has a limit of its own above it

constexpr bool begins_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name_character(char c) {
  return begins_a_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// "urn:certbridge:query:1": nothing that libxml2 would have to say something about.
bool is_plain_name_space(std::string_view text) {
  return text.size() > 4 && text.starts_with("urn:") &&
         std::all_of(text.begin() + 4, text.end(),
                     [](char c) { return is_name_character(c) || c == ':'; });
}

constexpr std::array<std::pair<std::string_view, char>, 8> kReferences{{{"&amp;", '&'},
                                                                        {"&lt;", '<'},
                                                                        {"&gt;", '>'},
                                                                        {"&quot;", '"'},
                                                                        {"&apos;", '\''},
                                                                        {"&#10;", '\n'},
                                                                        {"&#13;", '\r'},
                                                                        {"&#9;", '\t'}}};

class PlainReader {
 public:
  PlainReader(std::string_view bytes, const XmlLimits& limits) : rest_(bytes), limits_(limits) {
    size_ = bytes.size();
  }

  // One step for each tag and each text; false: not of this form.
  bool read() {
    if (!start_tag()) return false;
    while (!open_.empty()) {
      if (!character_data(open_.back()->text, '<')) return false;
      const bool is_end = rest_.starts_with("</");
      if (is_end ? !end_tag() : !start_tag()) return false;
    }
    return rest_.empty();
  }
  XmlElement take_root() { return std::move(root_.children.front()); }

 private:
  bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool name(std::string_view& found) {
    if (rest_.empty() || !begins_a_name(rest_.front())) return false;
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_character);
    found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(found.size());
    return found.size() <= kLongestPlainName;
  }

  bool reference(std::string& into) {
    for (const auto& [text, character] : kReferences) {
      if (!skip(text)) continue;
      into += character;
      return true;
    }
    return false;
  }

  // Up to the character that ends it, which stays.
  bool character_data(std::string& into, char end) {
    while (!rest_.empty() && rest_.front() != end) {
      if (rest_.front() == '&') {
        if (!reference(into)) return false;
        continue;
      }
      const auto is_special = [](char c) {
        return c == '&' || c == '<' || c == '>' || c == '"' || (c >= 0 && c < ' ');
      };
      const auto found = std::find_if(rest_.begin(), rest_.end(), is_special);
      const std::string_view part =
          rest_.substr(0, static_cast<std::size_t>(found - rest_.begin()));
      if (part.empty() || !check_text(part)) return false;
      into += part;
      rest_.remove_prefix(part.size());
    }
    return !rest_.empty();
  }

  bool attribute(XmlElement& element) {
    std::string_view found;
    if (!name(found) || !skip("=\"")) return false;
    std::string value;
    if (!character_data(value, '"')) return false;
    rest_.remove_prefix(1);
    if (found == "xmlns") {
      if (has_name_space_ || !is_plain_name_space(value)) return false;
      has_name_space_ = true;
      element.name_space = std::move(value);
      return true;
    }
    if (element.attributes.size() == kMostAttributes || element.attribute(found) != nullptr) {
      return false;
    }
    element.attributes.push_back({std::string(found), std::move(value)});
    return true;
  }

  bool start_tag() {
    XmlElement& parent = open_.empty() ? root_ : *open_.back();
    std::string_view found;
    if (!skip("<") || !name(found)) return false;
    const int level = static_cast<int>(open_.size()) + 1;
    if (++elements_ > limits_.elements || level > std::min(limits_.depth, kDeepest)) return false;
    XmlElement& element = parent.children.emplace_back();
    element.name = found;
    element.name_space = parent.name_space;
    has_name_space_ = false;
    while (skip(" ")) {
      if (!attribute(element)) return false;
    }
    element.line = 1;
    element.column = static_cast<int>(size_ - rest_.size()) + 1;
    const bool is_empty = skip("/");
    if (!skip(">")) return false;
    if (!is_empty) open_.push_back(&element);
    return true;
  }

  bool end_tag() {
    const std::string& expected = open_.back()->name;
    if (!skip("</") || !skip(expected) || !skip(">")) return false;
    open_.pop_back();
    return true;
  }

  std::string_view rest_;
  XmlLimits limits_;
  std::size_t size_ = 0;
  std::size_t elements_ = 0;
  bool has_name_space_ = false;  // of the element whose attributes are read
  XmlElement root_{};
  std::vector<XmlElement*> open_{};
};

}  // namespace

std::optional<XmlElement> read_plain_xml(std::string_view bytes, const XmlLimits& limits) {
  if (bytes.size() > std::min(limits.bytes, kLargest)) return {};
  PlainReader reader(bytes, limits);
  if (!reader.read()) return {};
  return reader.take_root();
}

}  // namespace certbridge
