#include "deflate.h"

#include <libdeflate.h>

#include <new>

namespace certbridge::ofd {
namespace {

// Measured on certificates: a third of the time of zlib's level 4 for files 2 % larger; level 6
// takes three times as long and gains 3 %.
constexpr int kLevel = 1;

}  // namespace

void Deflater::Free::operator()(libdeflate_compressor* state) const {
  libdeflate_free_compressor(state);
}

Deflater::Deflater() : state_(libdeflate_alloc_compressor(kLevel)) {
  if (state_ == nullptr) throw std::bad_alloc();
}

std::string Deflater::shorter(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  std::string packed(bytes.size() - 1, '\0');
  packed.resize(libdeflate_deflate_compress(state_.get(), bytes.data(), bytes.size(), packed.data(),
                                            packed.size()));
  return packed;
}

void Inflater::Free::operator()(libdeflate_decompressor* state) const {
  libdeflate_free_decompressor(state);
}

Inflater::Inflater() : state_(libdeflate_alloc_decompressor()) {
  if (state_ == nullptr) throw std::bad_alloc();
}

bool Inflater::unpack(std::string_view packed, std::string& into) {
  std::size_t taken = 0;
  const libdeflate_result result = libdeflate_deflate_decompress_ex(
      state_.get(), packed.data(), packed.size(), into.data(), into.size(), &taken, nullptr);
  return result == LIBDEFLATE_SUCCESS && taken == packed.size();
}

}  // namespace certbridge::ofd
