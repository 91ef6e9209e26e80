// XML as text: the files of a certificate are small and of fixed shape, a tree would only cost
// time. Texts in it are escaped by certbridge/xml.h.
#pragma once

#include <string_view>

namespace certbridge::ofd {

inline constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

}  // namespace certbridge::ofd
