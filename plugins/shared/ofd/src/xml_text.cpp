#include "xml_text.h"

namespace certbridge::ofd {

namespace {

// Empty for a character that stands for itself.
std::string_view reference_to(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view reference = reference_to(text[at]);
    if (reference.empty()) continue;
    out.append(text, done, at - done);
    out += reference;
    done = at + 1;
  }
  out.append(text, done);
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

}  // namespace certbridge::ofd
