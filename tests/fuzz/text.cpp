// Text and its charsets: UTF-8 of the SDK, GB18030 of libraries (plugins/municipal_library).
#include "certbridge/text.h"

#include "charset.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using municipal_library::Charset;

void check_utf8(std::string_view input) {
  const auto decoded = decode_utf8(input);
  require(!decoded || encode_utf8(*decoded) == input, "UTF-8 is read and written the same");
  const auto checked = check_text(input);
  if (!checked) require_refusal(checked.error(), input);
  require(!checked || decoded.has_value(), "proper text is UTF-8");
  const std::string folded = fold_width_and_blanks(input);
  require(fold_width_and_blanks(folded) == folded, "folding once is enough");
}

void check_gb18030(std::string_view input) {
  const auto text = municipal_library::to_utf8(input, Charset::kGb18030);
  if (text) {
    require(check_text(*text).ok(), "what came from GB18030 is proper text");
    const auto back = municipal_library::from_utf8(*text, Charset::kGb18030);
    require(back && municipal_library::to_utf8(*back, Charset::kGb18030) == text,
            "GB18030 there and back is the same text");
  }
  if (!check_text(input)) return;
  const auto bytes = municipal_library::from_utf8(input, Charset::kGb18030);
  require(bytes.has_value(), "GB18030 has every character");
  require(municipal_library::to_utf8(*bytes, Charset::kGb18030) == input,
          "text there and back is the same");
}

}  // namespace

std::vector<std::string> samples() {
  return {"豫（２０２６）南阳市　不动产权第０００１号", "𠮷野家",
          "\xb2\xe2\xca\xd4\x81\x30\x81\x30", "\x95\x32\x82\x36", "a\r\n\tb"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_utf8(input);
  check_gb18030(input);
  return 0;
}
