#include "message/document.h"

#include "certbridge/xml.h"
#include "exchange/signature.h"

namespace certbridge::provincial_platform {
namespace {

// In attributes a parser makes blanks of line ends and tabs, unless they are written as references.
std::string escaped_attribute(std::string_view value) {
  std::string text;
  for (const char c : xml_escape(value)) {
    if (c == '\n') {
      text += "&#10;";
    } else if (c == '\r') {
      text += "&#13;";
    } else if (c == '\t') {
      text += "&#9;";
    } else {
      text += c;
    }
  }
  return text;
}

std::string row_text(const Row& row) {
  std::string text = "<" + row.table;
  for (const auto& [name, value] : row.attributes) {
    text += " " + name + "=\"" + escaped_attribute(value) + "\"";
  }
  return text + "/>\n";
}

}  // namespace

std::string write_document(const Document& document) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message>\n<Head>\n";
  for (const auto& [name, value] : document.head) {
    text +=
        "<" + name + ">" + (name == kNumberField ? "" : xml_escape(value)) + "</" + name + ">\n";
  }
  text += "</Head>\n<Data>\n";
  for (const Row& row : document.rows) text += row_text(row);
  return text + "</Data>\n</Message>\n";
}

}  // namespace certbridge::provincial_platform
