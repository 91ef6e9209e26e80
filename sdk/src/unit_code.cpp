#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "digits.h"

namespace certbridge {
namespace {

constexpr std::size_t kUnitCodeLength = 28;

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

std::string prepared(std::string_view text) {
  std::string folded = fold_width_and_blanks(text);
  for (char& c : folded) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return folded;
}

bool digits_between(const std::string& text, std::size_t from, std::size_t to) {
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                     text.begin() + static_cast<std::ptrdiff_t>(to), is_digit);
}

// Digits and letters at the right places; what they mean is not looked at. Positions count from 0
// here.
bool has_lenient_shape(const std::string& text) {
  return digits_between(text, 0, 12) && is_letter(text[12]) && is_letter(text[13]) &&
         digits_between(text, 14, 19) && is_letter(text[19]) &&
         std::all_of(text.begin() + 20, text.end(),
                     [](char c) { return is_digit(c) || is_letter(c); });
}

// Parcels are counted from 00001; W stands for land or sea with nothing on it.
bool has_strict_shape(const std::string& text) {
  return has_lenient_shape(text) && is_one_of(text[12], "GJZ") &&
         is_one_of(text[13], "ABSXCDEFLNHGWY") && text.substr(14, 5) != "00000" &&
         is_one_of(text[19], "FLQW") && digits_between(text, 20, kUnitCodeLength) &&
         (text[19] != 'W' || text.substr(20) == "00000000");
}

// Collective land (A) and homesteads (C) belong to collectives; sea (H) and islands (G) never do.
bool ownership_fits(char owner, char parcel) {
  if (is_one_of(parcel, "AC")) return owner == 'J';
  if (is_one_of(parcel, "HG")) return owner != 'J';
  return true;
}

Error wrong_length(const std::string& text) {
  const auto points = decode_utf8(text);
  return Error::permanent("unit_code.length",
                          "a real-estate unit code has 28 characters without blanks, not " +
                              std::to_string(points ? points->size() : text.size()));
}

Error wrong_unit_shape() {
  return Error::permanent(
      "unit_code.shape",
      "a real-estate unit code (GB/T 37346) is 12 digits, G, J or Z, a letter "
      "of the parcel's kind, 5 digits from 00001, and F, L or Q with 8 digits or W00000000");
}

}  // namespace

Result<UnitCode> UnitCode::parse_strict(std::string_view text) {
  std::string folded = prepared(text);
  if (folded.size() != kUnitCodeLength) return wrong_length(folded);
  if (!has_strict_shape(folded)) return wrong_unit_shape();
  if (!ownership_fits(folded[12], folded[13])) {
    return Error::permanent("unit_code.ownership",
                            "positions 13 and 14 of the real-estate unit code do not go together: "
                            "A and C need J, sea (H) and islands (G) never have J");
  }
  UnitCode code;
  code.text_ = std::move(folded);
  return code;
}

Result<UnitCode> UnitCode::parse_lenient(std::string_view text) {
  std::string folded = prepared(text);
  if (folded.size() != kUnitCodeLength) return wrong_length(folded);
  if (!has_lenient_shape(folded)) return wrong_unit_shape();
  UnitCode code;
  code.text_ = std::move(folded);
  return code;
}

std::string UnitCode::printed() const {
  return text_.substr(0, 6) + " " + text_.substr(6, 6) + " " + text_.substr(12, 7) + " " +
         text_.substr(19);
}

}  // namespace certbridge
