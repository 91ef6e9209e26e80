// Values of options as staff write them: durations, sizes, numbers.
#include "config/option_value.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  return {
      "250ms", "10s", "5m", "2h", "512", "16kB", "4MB", "1GB", "-12", "+7", "9223372036854775807"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::host;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  if (const auto duration = parse_duration_ms(input)) {
    require(*duration >= 0, "a duration is not negative");
    require(parse_duration_ms(std::to_string(*duration) + "ms") == duration,
            "a duration is the same in milliseconds");
  }
  if (const auto bytes = parse_size_bytes(input)) {
    require(parse_size_bytes(std::to_string(*bytes)) == bytes, "a size is the same in bytes");
  }
  if (const auto number = parse_integer(input)) {
    require(parse_integer(std::to_string(*number)) == number, "a number is the same again");
  }
  return 0;
}
