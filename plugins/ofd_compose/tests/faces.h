// Reads composed files back by the SDK's XML reader, not by the code that wrote them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "certbridge_ofd/package.h"
#include "compose.h"

namespace certbridge::ofd_compose {

Template load_template(const std::string& name);   // of config/templates
std::string read_source(const std::string& path);  // below the root of the sources
// What the page objects of each field show, in the order of the custom tags; an outline shows
// U+FFFC.
std::map<std::string, std::u32string> faces_of(const ofd::Package& package);
// Without blanks and line ends; characters that are outlined become U+FFFC.
std::u32string comparable(std::u32string_view text);
// All text of a page, object after object.
std::string page_text(const ofd::Package& package, int page);
ofd::Package composed(const Certificate& certificate, const std::vector<Plan>& plans,
                      const ComposeSettings& settings);

}  // namespace certbridge::ofd_compose
