// What profile and patch files are read with: it keeps the first thing that is wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/xml.h"

namespace certbridge::provincial_platform {

inline constexpr XmlLimits kProfileLimits{4UL * 1024 * 1024, 6, 50'000};

// One thread. After the first fail() whatever is read counts for nothing.
class ProfileReader {
 public:
  explicit ProfileReader(std::string_view file) : file_(file) {}

  // The first failure: "profile.shape" with file, line and element.
  const std::optional<Error>& error() const { return error_; }
  void fail(const XmlElement& at, const std::string& why);
  // The element's name and namespace, and that it has no attribute but these and no text.
  void expect(const XmlElement& element, std::string_view name,
              std::initializer_list<std::string_view> attributes);
  std::string needed(const XmlElement& element, const char* name);
  // A number from 0 to 100,000; `otherwise` when the attribute is not there.
  int number(const XmlElement& element, const char* name, int otherwise);
  // A duration as "30s", "10m" or "24h"; at most 10,000 of its unit.
  std::chrono::seconds duration(const XmlElement& element, const char* name);
  // "yes" or "no".
  bool yes(const XmlElement& element, const char* name, bool otherwise);
  // A name as elements and attributes of messages have: a letter, then letters, digits and "_".
  std::string wire_name(const XmlElement& element, const char* name);

  void set_name_space(std::string_view name_space) { name_space_ = name_space; }

 private:
  std::string file_;
  std::string name_space_{};
  std::optional<Error> error_{};
};

// The parts of a text between blanks.
std::vector<std::string> words_of(std::string_view text);

}  // namespace certbridge::provincial_platform
