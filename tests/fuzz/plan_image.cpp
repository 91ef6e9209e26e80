// Pictures that registration systems hand over (plugins/ofd_compose).
#include "compose.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x02\0\x08\x06\0\0\0....", 33);
  png += std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12);
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
