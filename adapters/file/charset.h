// Whether bytes are text of the charset that was agreed on. Nothing is converted: signatures are
// over bytes.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "certbridge/result.h"

namespace certbridge::file {

enum class Charset : std::uint8_t {
  kAny = 1,      // not looked at
  kUtf8 = 2,     // with or without a byte-order mark
  kGbk = 3,      // GBK, or GB 2312, which it holds; no byte-order mark
  kGb18030 = 4,  // GB 18030, which holds GBK; no byte-order mark
  kDetect = 5,   // UTF-8, else GB 18030
};

// "any", "utf-8", "gbk", "gb18030", "detect".
Charset charset_named(std::string_view name);

// Takes a file in pieces of any size.
class CharsetCheck {
 public:
  explicit CharsetCheck(Charset expected);
  ~CharsetCheck();
  CharsetCheck(const CharsetCheck&) = delete;
  CharsetCheck& operator=(const CharsetCheck&) = delete;
  void add(std::span<const std::byte> bytes);
  // "utf-8", "gbk", "gb18030", or empty where it was not looked at. "file.charset" says what is
  // wrong: the position of the first wrong byte, a byte-order mark, a declaration of XML that says
  // otherwise.
  Result<std::string> finish();
  // Whether the file began with the byte-order mark of UTF-8.
  bool byte_order_mark() const;

 private:
  class Decoder;
  Error not_decoded() const;
  const char* chinese_name() const;
  Charset expected_;
  std::string head_{};  // the first bytes
  std::unique_ptr<Decoder> utf8_;
  std::unique_ptr<Decoder> chinese_;  // GBK or GB 18030
};

}  // namespace certbridge::file
