// A set of type codes, or every type.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::host {

class TypeScope {
 public:
  TypeScope() = default;  // no type at all
  static TypeScope every();
  // Of codes that others gave: "*" is none.
  static TypeScope of(const std::vector<std::string>& codes);
  // Of a policy or a request: "*" among the words means every type.
  static TypeScope of_words(const std::vector<std::string>& words);

  bool has(std::string_view code) const { return every_ || codes_.contains(code); }
  bool is_every() const { return every_; }
  bool empty() const { return !every_ && codes_.empty(); }
  // What both have.
  TypeScope cut_to(const TypeScope& other) const;
  // Every type stays every type: who asks for one has to look at `codes` again.
  TypeScope without(const std::set<std::string, std::less<>>& codes) const;
  // Sorted; "*" alone for every type.
  std::vector<std::string> words() const;

 private:
  bool every_ = false;
  std::set<std::string, std::less<>> codes_{};
};

}  // namespace certbridge::host
