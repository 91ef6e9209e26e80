#include "locations.h"

#include "certbridge/text.h"
#include "certbridge_ofd/location.h"

#include <algorithm>
#include <deque>

namespace certbridge::seal_service {
namespace {

constexpr std::size_t kMostFiles = 10'000;

Error unreachable(const std::string& from, const std::string& reason) {
  return Error::permanent("seal.reachable",
                          "the file " + shortened(from) + " of the package " + shortened(reason));
}

struct Link {
  std::string from{};
  std::string location{};
};

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Text locations by element name and attribute locations by element name, as the standard's schema
// has them.
const std::vector<std::string> kTextLocations{
    "DocRoot", "PublicRes", "DocumentRes", "Annotations", "CustomTags", "Attachments", "Extensions",
    "PageRes", "FileLoc",   "SchemaLoc",   "ExtendData",  "Cover",      "File"};
const std::vector<std::string> kBaseLocations{"Page", "TemplatePage", "Version"};
const std::vector<std::string> kResourceLocations{"MediaFile", "FontFile"};

bool is_leaf(const XmlElement& element) {
  return element.children.empty() && !element.text.empty();
}

void collect(const XmlElement& element, const std::string& from, const std::string& resource_folder,
             std::vector<Link>& into) {
  if (is_one_of(element.name, kTextLocations) && is_leaf(element)) {
    into.push_back({from, element.text});
  }
  if (is_one_of(element.name, kBaseLocations) && element.attribute("BaseLoc") != nullptr) {
    into.push_back({from, element.attribute_or_empty("BaseLoc")});
  }
  if (is_one_of(element.name, kResourceLocations)) into.push_back({resource_folder, element.text});
  if (element.name == "ColorSpace" && element.attribute("Profile") != nullptr) {
    into.push_back({resource_folder, element.attribute_or_empty("Profile")});
  }
  for (const XmlElement& child : element.children) collect(child, from, resource_folder, into);
}

// Page contents are large and lead on only by PageRes; they are parsed only when they name it.
bool leads_on(std::string_view bytes) {
  if (bytes.find('<') == std::string_view::npos) return false;
  const bool is_page = bytes.find(":Page ") != std::string_view::npos ||
                       bytes.find(":Page>") != std::string_view::npos ||
                       bytes.find("<Page") != std::string_view::npos;
  return !is_page || bytes.find("PageRes") != std::string_view::npos ||
         bytes.find("BaseLoc") != std::string_view::npos ||
         bytes.find("FileLoc") != std::string_view::npos;
}

// Only OFD's own XML leads on: attachments and tag files of other namespaces do not.
bool is_ofd(const XmlElement& root) {
  return root.name_space.starts_with("http://www.ofdspec.org");
}

Result<std::vector<Link>> links_of(const Package& package, const std::string& path) {
  std::vector<Link> links;
  if (!path.ends_with(".xml")) return links;
  const std::string& bytes = *package.find(path);
  if (bytes.find("ofdspec.org") == std::string::npos || !leads_on(bytes)) return links;
  auto root = parse_part(package, path);
  if (!root) return root.error();
  if (!is_ofd(root.value())) return links;
  std::string folder = path;
  if (root.value().name == "Res") {
    const std::string base = root.value().attribute_or_empty("BaseLoc");
    auto inside = resolve_location(path, base.empty() ? "x" : base + "/x");
    if (!inside) return inside.error();
    folder = inside.value();
  }
  collect(root.value(), path, folder, links);
  return links;
}

}  // namespace

Result<std::string> resolve_location(std::string_view base, std::string_view location) {
  auto found = ofd::resolve_location(base, location);
  if (found) return found;
  return unreachable(std::string(base),
                     "names a location that is not one: " + found.error().message);
}

Result<XmlElement> parse_part(const Package& package, const std::string& path) {
  const std::string* bytes = package.find(path);
  if (bytes == nullptr) {
    return Error::permanent("seal.package", "the package has no file " + path);
  }
  XmlLimits limits;
  limits.bytes = kLargestPart;
  limits.elements = 1'000'000;
  auto root = parse_xml(*bytes, path, limits);
  if (root) return root;
  return Error::permanent("seal.xml", root.error().message);
}

Result<std::set<std::string>> reachable_files(const Package& package) {
  std::set<std::string> seen{"OFD.xml"};
  std::deque<std::string> open{"OFD.xml"};
  while (!open.empty()) {
    const std::string path = open.front();
    open.pop_front();
    if (package.find(path) == nullptr) return unreachable(path, "is referred to but not there");
    auto links = links_of(package, path);
    if (!links) return links.error();
    for (const Link& link : links.value()) {
      auto target = resolve_location(link.from, link.location);
      if (!target) return target.error();
      if (seen.insert(target.value()).second) open.push_back(target.value());
    }
    if (seen.size() > kMostFiles) return unreachable(path, "leads to too many files");
  }
  return seen;
}

}  // namespace certbridge::seal_service
