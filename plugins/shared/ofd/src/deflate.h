// Deflate (RFC 1951), by libdeflate.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace certbridge::ofd {

// For many files one after the other: setting it up costs more than a small file. Equal bytes give
// equal bytes. One thread at a time.
class Deflater {
 public:
  Deflater();
  // Empty when the result would not be shorter than the input.
  std::string shorter(std::string_view bytes);

 private:
  struct Free {
    void operator()(libdeflate_compressor* state) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> state_;
};

// One thread at a time.
class Inflater {
 public:
  Inflater();
  // Fills `into` to its size. False when the packed bytes are damaged, give more or less, or go on
  // behind their end.
  bool unpack(std::string_view packed, std::string& into);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* state) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> state_;
};

}  // namespace certbridge::ofd
