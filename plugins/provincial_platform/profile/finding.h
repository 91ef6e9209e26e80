// What is wrong with a message, by its place.
#pragma once

#include <string>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::provincial_platform {

struct Finding {
  std::string table{};  // or "head"
  std::size_t row = 0;  // 1-based, among the rows of the table; 0: the table as a whole
  std::string attribute{};
  std::string rule{};  // what is broken, without the value
};

// "QLT_FW_FDCQ_YZ row 1, attribute GHYT: is no code of its list"
std::string sentence(const Finding& finding);
// A permanent error with the first of the findings, each with its place.
Error error_of(const char* code, const std::string& what, const std::vector<Finding>& findings);

}  // namespace certbridge::provincial_platform
