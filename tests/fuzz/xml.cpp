// The XML reader of the SDK: what it read is written and read again the same.
#include "certbridge/xml.h"

#include <set>

#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

bool same(const XmlElement& left, const XmlElement& right) {
  if (left.name != right.name || left.name_space != right.name_space || left.text != right.text ||
      left.attributes.size() != right.attributes.size() ||
      left.children.size() != right.children.size()) {
    return false;
  }
  for (std::size_t i = 0; i < left.attributes.size(); ++i) {
    if (left.attributes[i].name != right.attributes[i].name ||
        left.attributes[i].value != right.attributes[i].value) {
      return false;
    }
  }
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    if (!same(left.children[i], right.children[i])) return false;
  }
  return true;
}

// Attributes of different namespaces have one name here, which a document cannot have.
bool can_be_written(const XmlElement& element) {
  std::set<std::string> names;
  for (const XmlAttribute& attribute : element.attributes) {
    if (!names.insert(attribute.name).second) return false;
  }
  for (const XmlElement& child : element.children) {
    if (!can_be_written(child)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> samples() {
  return {"<?xml version=\"1.0\" encoding=\"GB18030\"?><a>\xb2\xe2\xca\xd4</a>",
          std::string("\xff\xfe<\0a\0/\0>\0", 10),
          "<a xmlns=\"urn:a:1\" b=\"&#10;&lt;\"><c xmlns=\"urn:c\"/><d>\xe4\xb8\xad &amp;</d></a>",
          "<a xmlns=\"u\" xmlns:p=\"v\"><p:b c=\"&#10;&lt;\">x<![CDATA[<&]]>y</p:b><d/></a>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto read = parse_xml(input, "input.xml", XmlLimits{});
  if (!read) {
    require_refusal(read.error(), input);
    return 0;
  }
  if (!can_be_written(read.value())) return 0;
  const std::string written = write_xml(read.value());
  const auto again = parse_xml(written, "again.xml", XmlLimits{16UL << 20, 32, 100'000});
  require(again.ok(), "what was written can be read");
  require(same(read.value(), again.value()), "what was written is the same");
  return 0;
}
