// XML as text: the files of a certificate are small and of fixed shape, a tree would only cost
// time.
#pragma once

#include <string>
#include <string_view>

namespace certbridge::ofd {

inline constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// Escapes what may not stand in text and attribute values; line ends and tabs become references.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

}  // namespace certbridge::ofd
