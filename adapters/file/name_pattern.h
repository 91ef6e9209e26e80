// What a file name says its file is kept in order by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::file {

// "Biz_{key}_*.xml": `{key}`, once, stands for one character or more, `*` for any number, `?` for
// one, all else for itself. Each takes as few characters as the rest allows; so there is always
// other text between two of `{key}` and `*`. Matching a name costs its length times the pattern's.
class NamePattern {
 public:
  // "file.option" when it has another form.
  static Result<NamePattern> parse(std::string_view text);
  // What stands where `{key}` does; nothing when the name has another form.
  std::optional<std::string> key_of(std::string_view name) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_{};
  std::vector<std::string> parts_{};  // the texts around `*` and `{key}`
  std::size_t key_ = 0;               // the gap behind the part of this number
};

}  // namespace certbridge::file
