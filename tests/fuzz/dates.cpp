// Days and times as others write them: registration systems, ASN.1, headers of messages.
#include "dates.h"

#include <algorithm>

#include "certbridge_sm/der.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

bool is_of_a_date(char c) {
  return (c >= '0' && c <= '9') || std::string_view("-/: T.+Z").find(c) != std::string_view::npos;
}

void check_day(std::string_view input) {
  const auto day = registration::parse_day(input, "table row 1, column day");
  if (!day) return require_refusal(day.error(), input);
  require(day.value().ok() && day.value().year() >= std::chrono::year(1900), "it is a real day");
  require(std::all_of(input.begin(), input.end(), is_of_a_date), "a day has nothing behind it");
}

void check_generalized_time(std::string_view input) {
  const auto time = sm::der::parse_generalized_time(input);
  if (!time) return require_refusal(time.error(), input);
  require(sm::der::format_generalized_time(time.value()) == input, "there is one form");
}

}  // namespace

std::vector<std::string> samples() {
  return {"2024-03-18",
          "2024-03-18 10:30:18",
          "2024-03-18T10:30:18+08:00",
          "2024/3/18",
          "20240318",
          "0001-01-01",
          "20261124003000Z",
          "99991231235959Z",
          "2026-11-24T08:00:00Z",
          "2026-11-24 08:00:00",
          "2026-02-29"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_day(input);
  check_generalized_time(input);
  if (const auto time = certbridge::parse_message_time(input)) {
    require(time->time_since_epoch() > -std::chrono::years(2000), "a time is in our era");
  }
  return 0;
}
