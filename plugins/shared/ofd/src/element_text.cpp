#include "element_text.h"

#include "certbridge/xml.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

constexpr std::string_view kSpace = "http://www.ofdspec.org/2016";
constexpr std::string_view kOlderSpace = "http://www.ofdspec.org";

void append_element(std::string& out, const XmlElement& element, bool is_root) {
  const bool ours = is_of_the_standard(element);
  const std::string name = (ours ? "ofd:" : "") + element.name;
  out += "<" + name;
  if (is_root) out += " xmlns:ofd=\"" + std::string(kSpace) + "\"";
  if (!ours) out += " xmlns=\"" + xml_escape(element.name_space) + "\"";
  for (const XmlAttribute& one : element.attributes) {
    out += " " + one.name + "=\"" + xml_escape(one.value) + "\"";
  }
  if (element.children.empty() && element.text.empty()) {
    out += "/>";
    return;
  }
  out += ">";
  if (element.children.empty()) append_xml_escaped(out, element.text);
  for (const XmlElement& child : element.children) append_element(out, child, false);
  out += "</" + name + ">";
}

}  // namespace

bool is_of_the_standard(const XmlElement& element) {
  return element.name_space == kSpace || element.name_space == kOlderSpace;
}

std::string file_of(const XmlElement& root) {
  std::string out(kXmlHead);
  append_element(out, root, true);
  return out;
}

}  // namespace certbridge::ofd
