#include "certbridge_ofd/checksum.h"

#include <libdeflate.h>

namespace certbridge::ofd {

std::uint32_t checksum(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace certbridge::ofd
