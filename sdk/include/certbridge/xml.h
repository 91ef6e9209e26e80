// Safe reading and writing of small XML documents: no DTD, no entities, no network, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/result.h"

namespace certbridge {

struct XmlAttribute {
  std::string name{};
  std::string value{};
};

// One element as a plain value. Names are local names; the namespace stands beside them.
struct XmlElement {
  std::string name{};
  std::string name_space{};
  std::vector<XmlAttribute> attributes{};
  std::vector<XmlElement> children{};
  std::string text{};  // all character data directly inside, joined
  int line = 0;        // 1-based, where the start tag ends
  int column = 0;

  // Null when there is none.
  const XmlAttribute* attribute(std::string_view attribute_name) const;
  const XmlElement* child(std::string_view child_name) const;
  std::vector<const XmlElement*> children_named(std::string_view child_name) const;
  // The attribute's value, or an empty text.
  std::string attribute_or_empty(std::string_view attribute_name) const;
};

struct XmlLimits {
  std::size_t bytes = 1024UL * 1024;
  int depth = 32;
  std::size_t elements = 100'000;
};

// Parses UTF-8, GB18030 or UTF-16 by declaration; a byte-order mark is taken. `file` is named in
// errors: "FILE:LINE:COLUMN: ...". Codes: "xml.malformed", "xml.dtd", "xml.too_large",
// "xml.too_deep", "xml.encoding" (bytes that are not what the declaration promises, or
// control characters). No error repeats text of the document.
Result<XmlElement> parse_xml(std::string_view bytes, std::string_view file,
                             const XmlLimits& limits);

// Escapes & < > " ' and line ends and tabs, which attributes would lose, and drops nothing; the
// caller must have refused control characters.
std::string xml_escape(std::string_view text);
// The same behind `out`, without a text in between.
void append_xml_escaped(std::string& out, std::string_view text);
// UTF-8 text of an element and what is below it, without declaration, deterministic.
std::string write_xml(const XmlElement& element);

}  // namespace certbridge
