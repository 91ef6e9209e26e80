// Entries of a package as POSIX.1 ustar has them, in one form only: equal contents, equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::host {

inline constexpr std::size_t kUstarBlock = 512;
inline constexpr std::uint64_t kLargestUstarFile = 077777777777;  // eleven octal digits

struct UstarEntry {
  std::string path{};
  std::uint64_t size = 0;     // of its bytes, without what fills the last block
  std::int64_t modified = 0;  // seconds since 1970-01-01 UTC
};

// Parts of lower-case letters, digits, `.`, `_`, `-`, separated by `/`; at most 100 bytes, no part
// that begins with a dot. Nothing of it means anything to a shell or leaves a folder.
bool is_package_path(std::string_view path);
// kUstarBlock bytes. The path is one of the above, the size at most kLargestUstarFile.
std::string ustar_header(const UstarEntry& entry);
// None for anything but what ustar_header() writes.
std::optional<UstarEntry> read_ustar_header(std::string_view block);
// Zeros behind so many bytes of a file, up to the next block.
std::size_t ustar_filling(std::uint64_t size);

}  // namespace certbridge::host
