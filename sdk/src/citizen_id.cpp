#include <algorithm>
#include <array>
#include <chrono>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "digits.h"

namespace certbridge {
namespace {

bool has_shape(const std::string& text) {
  return text.size() == 18 && text.front() != '0' &&
         std::all_of(text.begin(), text.end() - 1, is_digit) &&
         (is_digit(text.back()) || text.back() == 'X');
}

// ISO 7064 MOD 11-2 over the first seventeen digits.
char check_character(std::string_view body) {
  static constexpr std::array<int, 17> kWeights{7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                3, 7, 9,  10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (body[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

bool has_real_date(const std::string& text) {
  const auto number = [&text](std::size_t from, std::size_t count) {
    return std::stoi(text.substr(from, count));
  };
  const std::chrono::year_month_day date{std::chrono::year(number(6, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(10, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(12, 2)))};
  return date.ok() && number(6, 4) >= 1850;
}

}  // namespace

Result<CitizenId> CitizenId::parse(std::string_view text) {
  std::string folded = fold_width_and_blanks(text);
  const bool old_form = folded.size() == 15 && std::all_of(folded.begin(), folded.end(), is_digit);
  if (old_form) {
    folded.insert(6, "19");
    folded.push_back(check_character(folded));
  }
  if (folded.size() == 18 && folded.back() == 'x') folded.back() = 'X';
  if (!has_shape(folded)) {
    return Error::permanent("citizen_id.shape",
                            "a citizen identity number has 18 characters: 17 digits and a digit "
                            "or X (or the 15 digits of the old form)");
  }
  if (!has_real_date(folded)) {
    return Error::permanent("citizen_id.date",
                            "positions 7 to 14 of the citizen identity number are no date");
  }
  if (check_character(folded) != folded.back()) {
    return Error::permanent("citizen_id.check_digit",
                            "the last character of the citizen identity number does not fit the "
                            "others (GB 11643): one of them is wrong");
  }
  CitizenId id;
  id.text_ = std::move(folded);
  return id;
}

}  // namespace certbridge
