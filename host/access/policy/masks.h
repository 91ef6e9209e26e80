// How much of a value is seen where a purpose does not need all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace certbridge::host {

enum class Mask : std::uint8_t {
  kNone = 1,  // as it is
  kName = 2,  // 张*, 欧*娜: the first character, and the last of three or more
  kNumber =
      3,  // a citizen's number: first three and last four; another: last four of eight or more
  kAddress = 4,  // up to the first digit: without the house's number; at most twelve characters
  kAll = 5,      // *** whatever it is
};
std::optional<Mask> mask_of(std::string_view word);  // "none", "name", "number", "address", "all"

// An empty text stays empty. What is not UTF-8 becomes "***".
std::string masked_value(Mask mask, std::string_view value);

}  // namespace certbridge::host
