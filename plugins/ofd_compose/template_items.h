// What stands on a template's pages: shapes, labels, values, tables, codes and places.
#pragma once

#include <vector>

#include "template_element.h"

namespace certbridge::ofd_compose {

// Index of the style that the attribute names.
std::size_t style_of(ElementReader& reader, const XmlElement& element, const char* name,
                     const std::vector<Style>& styles);

// The items below `parent`, in their order. A table becomes lines, labels and values.
std::vector<Item> read_items(ElementReader& reader, const XmlElement& parent,
                             const std::vector<Style>& styles);

}  // namespace certbridge::ofd_compose
