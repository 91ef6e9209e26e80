#include "charset.h"

#include <iconv.h>

#include <array>
#include <cerrno>

#include "certbridge/text.h"

namespace certbridge::municipal_library {
namespace {

class Converter {
 public:
  Converter(const char* to, const char* from) : opened_(iconv_open(to, from)) {}
  ~Converter() {
    if (usable()) iconv_close(opened_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool usable() const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the value that iconv_open() fails with
    return opened_ != reinterpret_cast<iconv_t>(-1);
  }
  iconv_t get() const { return opened_; }

 private:
  iconv_t opened_;
};

std::optional<std::string> convert(std::string_view bytes, const char* to, const char* from) {
  const Converter converter(to, from);
  if (!converter.usable()) return {};
  char* input = const_cast<char*>(bytes.data());  // iconv does not write to it
  std::size_t left = bytes.size();
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  std::array<char, 64UL * 1024> buffer{};
  while (left > 0) {
    char* output = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t before = left;
    const std::size_t result = iconv(converter.get(), &input, &left, &output, &room);
    out.append(buffer.data(), buffer.size() - room);
    if (result == static_cast<std::size_t>(-1) && (errno != E2BIG || left == before)) return {};
  }
  return out;
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view bytes, Charset charset) {
  auto text = charset == Charset::kGb18030 ? convert(bytes, "UTF-8", "GB18030")
                                           : std::optional(std::string(bytes));
  if (text && !check_text(*text)) return {};
  return text;
}

std::optional<std::string> from_utf8(std::string_view text, Charset charset) {
  if (charset == Charset::kGb18030) return convert(text, "GB18030", "UTF-8");
  return std::string(text);
}

}  // namespace certbridge::municipal_library
