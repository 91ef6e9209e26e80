// CRC-32 as ZIP files and PNG pictures carry it.
#pragma once

#include <cstdint>
#include <string_view>

namespace certbridge::ofd {

std::uint32_t checksum(std::string_view bytes);

}  // namespace certbridge::ofd
