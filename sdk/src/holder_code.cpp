#include <algorithm>
#include <array>

#include "certbridge/certificate.h"
#include "certbridge/text.h"

namespace certbridge {
namespace {

// GB/T 36903, Annex A.
constexpr std::array<std::string_view, 15> kTypes{"001", "099", "111", "114", "115",
                                                  "118", "119", "120", "122", "411",
                                                  "412", "413", "414", "511", "516"};
constexpr std::string_view kOtherPerson = "999";
constexpr std::size_t kLongest = 64;  // bytes

bool is_known(std::string_view type) {
  return type == kOtherPerson || std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

Result<std::string> bounded(std::string_view text) {
  std::string folded = fold_width_and_blanks(text);
  if (folded.empty()) return Error::permanent("holder_code.empty", "the holder's code is empty");
  const auto points = decode_utf8(folded);
  if (folded.size() > kLongest || !points || !check_text(folded)) {
    return Error::permanent("holder_code.shape",
                            "the holder's code is longer than 64 bytes or no readable text");
  }
  return folded;
}

}  // namespace

Result<HolderCode> HolderCode::parse(std::string_view type, std::string_view text) {
  if (!is_known(type)) {
    return Error::permanent("holder_code.type",
                            "the type of a holder's code is one of GB/T 36903 Annex A: 001, 099, "
                            "111, 114, 115, 118, 119, 120, 122, 411 to 414, 511, 516, 999");
  }
  auto folded = bounded(text);
  if (!folded) return folded.error();
  HolderCode code;
  code.type_ = std::string(type);
  code.text_ = std::move(folded).value();
  if (type == "111") {
    auto id = CitizenId::parse(code.text_);
    if (!id) return id.error();
    code.text_ = id.value().text();
  } else if (type == "001") {
    auto credit = CreditCode::parse(code.text_);
    if (!credit) return credit.error();
    code.text_ = credit.value().text();
    code.inner_check_holds_ = credit.value().inner_check_holds();
  }
  return code;
}

}  // namespace certbridge
