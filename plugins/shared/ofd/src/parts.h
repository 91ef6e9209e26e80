// XML files of a package, parsed.
#pragma once

#include <string>

#include "certbridge/xml.h"
#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

// "ofd.missing_file" or "ofd.structure".
Result<XmlElement> parse_part(const Package& package, const std::string& name);
// Parses the file that `location` names in `holder`; the second value is its entry name.
struct Part {
  std::string name{};
  XmlElement root{};
};
Result<Part> follow(const Package& package, const std::string& holder, const std::string& location);
// The text of a child, without blanks at its ends; empty when there is none.
std::string child_text(const XmlElement& element, std::string_view child);
std::string trimmed(std::string_view text);
// Entry name of a media or font file in the resource file `holder`.
Result<std::string> resource_location(const std::string& holder, const XmlElement& resources,
                                      const std::string& location);

}  // namespace certbridge::ofd
