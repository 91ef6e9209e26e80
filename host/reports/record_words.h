// What several reports ask of a record.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "access/records/access_record.h"

namespace certbridge::host {

// Whether somebody asked for a certificate from outside: not an operator's display, not a flag.
inline bool is_query(AccessKind kind) {
  return kind == AccessKind::kQuery || kind == AccessKind::kFile ||
         kind == AccessKind::kVerification || kind == AccessKind::kComparison ||
         kind == AccessKind::kAvailability;
}

// The words of a text that a record holds by blanks: types that were asked for.
inline std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace certbridge::host
