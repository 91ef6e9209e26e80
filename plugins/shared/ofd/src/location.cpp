#include "certbridge_ofd/location.h"
#include "certbridge/text.h"

#include <algorithm>
#include <vector>

namespace certbridge::ofd {
namespace {

Error refused(std::string_view location, std::string_view why) {
  return Error::permanent("ofd.location",
                          "location \"" + shortened(location) + "\" " + std::string(why));
}

}  // namespace

std::string folder_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(0, slash + 1));
}

Result<std::string> resolve_location(std::string_view holder, std::string_view location) {
  if (location.empty()) return refused(location, "is empty");
  if (location.find('\\') != std::string_view::npos) return refused(location, "has a backslash");
  std::string path;
  if (location.front() == '/') {
    path = location.substr(1);
  } else {
    path = folder_of(holder) + std::string(location);
  }
  std::vector<std::string_view> parts;
  const std::string_view whole = path;
  for (std::size_t start = 0; start <= whole.size();) {
    const std::size_t end = std::min(whole.find('/', start), whole.size());
    const std::string_view part = whole.substr(start, end - start);
    start = end + 1;
    if (part == "..") {
      if (parts.empty()) return refused(location, "leaves the package");
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  if (parts.empty() || whole.back() == '/') return refused(location, "names a folder");
  std::string name;
  for (const std::string_view part : parts) {
    if (!name.empty()) name.push_back('/');
    name.append(part);
  }
  return name;
}

}  // namespace certbridge::ofd
