#include <algorithm>

#include "certbridge/identifiers.h"

namespace certbridge {

Result<TypeCode> TypeCode::parse(std::string_view text) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  if (text.size() != 21 || !std::all_of(text.begin(), text.end(), fits)) {
    return Error::permanent("type_code.shape",
                            "a certificate type code (GB/T 36902) has 21 characters of 0-9 and "
                            "A-Z: the credit code of the defining body and 3 more");
  }
  if (auto definer = CreditCode::parse(text.substr(0, 18)); !definer) return definer.error();
  TypeCode code;
  code.text_ = std::string(text);
  return code;
}

}  // namespace certbridge
