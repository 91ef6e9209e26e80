#include "access/records/holder_code.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge::host {

std::string comparable_code(std::string_view code) {
  std::string folded = fold_width_and_blanks(code);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const auto citizen = CitizenId::parse(folded);
  return citizen ? citizen.value().text() : folded;
}

}  // namespace certbridge::host
