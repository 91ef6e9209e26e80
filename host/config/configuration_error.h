// One thing wrong in a configuration, as operations staff read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"

namespace certbridge::host {

struct ConfigurationError {
  std::string file{};
  int line = 0;  // 1-based, where the start tag ends; 0: the file as a whole
  int column = 0;
  std::string element{};     // "option"; may be empty
  std::string reason{};      // what is wrong; no secret values
  std::string suggestion{};  // what to do about it; may be empty
};

// "routes/issue.xml:4:31: <deliver>: unknown endpoint `libary`; did you mean `library`?"
std::string to_text(const ConfigurationError& error);

// Every error of every file is collected: staff mend a configuration in one round.
using ConfigurationErrors = std::vector<ConfigurationError>;

ConfigurationError error_at(const Place& place, std::string element, std::string_view reason);
ConfigurationError error_at(const Place& place, std::string element, std::string_view reason,
                            std::string suggestion);

// "did you mean `base-url`?" for the nearest candidate, or nothing when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);
// The nearest candidate by edit distance (swapped neighbours count once), when it is near enough to
// be a slip of the pen: at most a third of the word's length, and at least 1.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
// "`a`, `b` and `c`".
std::string listed(const std::vector<std::string>& words);

}  // namespace certbridge::host
