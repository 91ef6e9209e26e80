#include "declaration_error.h"

#include <fstream>
#include <iterator>

namespace certbridge::sql {

Error wrong_declaration(std::string_view file, const XmlElement& at, const std::string& reason) {
  return Error::fault("sql.declaration", std::string(file) + ":" + std::to_string(at.line) + ":" +
                                             std::to_string(at.column) + ": " + reason);
}

Result<XmlElement> parse_declaration(std::string_view xml, std::string_view file,
                                     std::string_view root, std::string_view name_space) {
  auto parsed = parse_xml(xml, file, XmlLimits{});
  if (!parsed) return Error::fault("sql.declaration", parsed.error().message);
  if (parsed.value().name != root || parsed.value().name_space != name_space) {
    return wrong_declaration(
        file, parsed.value(),
        "the root must be <" + std::string(root) + " xmlns=\"" + std::string(name_space) + "\">");
  }
  return parsed;
}

Result<std::string> read_declaration(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad() || text.empty() || text.size() > XmlLimits{}.bytes) {
    return Error::fault("sql.declaration", path + ": cannot be read, is empty, or is above 1 MB");
  }
  return text;
}

}  // namespace certbridge::sql
