#include "certbridge_ofd/package.h"

#include <algorithm>

#include "text.h"

namespace certbridge::ofd {
namespace {

Error bad_name(std::string_view why) {
  return Error::permanent("ofd.name", "a file of the package has a name that " + std::string(why));
}

bool bad_part(std::string_view part) { return part.empty() || part == "." || part == ".."; }

}  // namespace

const Entry* Package::find(std::string_view name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

void Package::put(std::string_view name, std::string bytes) {
  for (Entry& entry : entries) {
    if (entry.name != name) continue;
    entry.bytes = std::move(bytes);
    return;
  }
  entries.push_back({std::string(name), std::move(bytes)});
}

bool Package::remove(std::string_view name) {
  return std::erase_if(entries, [&](const Entry& entry) { return entry.name == name; }) > 0;
}

Result<void> check_name(std::string_view name, std::size_t longest) {
  if (name.empty()) return bad_name("is empty");
  if (name.size() > longest)
    return bad_name("is longer than " + std::to_string(longest) + " bytes");
  if (!is_utf8(name)) return bad_name("is not UTF-8");
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return bad_name("has a control character");
    if (c == '\\') return bad_name("has a backslash; parts are joined by \"/\"");
    if (c == ':') return bad_name("has a colon");
  }
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    if (bad_part(name.substr(start, end - start))) {
      return bad_name("is absolute or has an empty, \".\" or \"..\" part");
    }
    start = end + 1;
  }
  return {};
}

}  // namespace certbridge::ofd
