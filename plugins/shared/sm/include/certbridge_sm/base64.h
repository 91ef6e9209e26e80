// Base64 (RFC 4648, standard alphabet with padding).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace certbridge::sm {

std::string base64_encode(std::string_view bytes);  // without line breaks
// Nothing for any character, length or padding that an encoder would not have written; blanks and
// line breaks at the ends are not taken either.
std::optional<std::string> base64_decode(std::string_view text);

// The same for text that comes in pieces, cut anywhere; line breaks inside are passed over, because
// some encoders write lines. One thread at a time.
class Base64Decoder {
 public:
  // Appends the bytes of all whole groups to `into`. False for what is not Base64, from then on.
  bool decode(std::string_view piece, std::string& into);
  // Whether the text may end here.
  bool finish() const { return !broken_ && count_ == 0; }

 private:
  std::size_t take_plain_groups(std::string_view piece, std::string& into) const;
  bool take(char c, std::string& into);
  bool close_group(std::string& into);
  std::uint32_t group_ = 0;
  std::size_t count_ = 0;    // characters of the group so far
  std::size_t padding_ = 0;  // of these; after any, nothing may follow the group
  bool broken_ = false;
};

}  // namespace certbridge::sm
