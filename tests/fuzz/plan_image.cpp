// Pictures that registration systems hand over (plugins/ofd_compose).
#include "compose.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  // 256 by 512 pixels: IHDR, an empty IDAT and IEND with their checksums.
  const std::string png(
      "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52"
      "\x00\x00\x01\x00\x00\x00\x02\x00\x08\x06\x00\x00\x00\x6d\x9a\xb2"
      "\xfb\x00\x00\x00\x00\x49\x44\x41\x54\x35\xaf\x06\x1e\x00\x00\x00"
      "\x00\x49\x45\x4e\x44\xae\x42\x60\x82",
      57);
  const std::string jpeg(
      "\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x0b\x08\x01\0\x02\0\x01\x01\x11\0\xff\xd9", 23);
  return {png, jpeg};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto plan = ofd_compose::read_plan(std::string(input), "plan-1.png");
  if (!plan) {
    require_refusal(plan.error(), input);
    return 0;
  }
  require(plan.value().width > 0 && plan.value().height > 0, "a picture has a size");
  require(plan.value().bytes == input, "its bytes are kept");
  return 0;
}
