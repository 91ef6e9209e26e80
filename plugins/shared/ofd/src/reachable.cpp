#include <algorithm>
#include <set>

#include "certbridge_ofd/location.h"
#include "certbridge_ofd/structure.h"
#include "parts.h"

namespace certbridge::ofd {
namespace {

// Elements whose text is a location, and those whose BaseLoc attribute is one (GB/T 33190).
const std::set<std::string, std::less<>> kByText{
    "DocRoot",     "Signatures", "PublicRes",   "DocumentRes", "PageRes",
    "Annotations", "CustomTags", "Attachments", "FileLoc",     "SchemaLoc",
    "Extensions",  "ExtendData", "SignedValue"};
const std::set<std::string, std::less<>> kByAttribute{"Page", "TemplatePage", "Signature",
                                                      "Version"};
const std::set<std::string, std::less<>> kMedia{"MediaFile", "FontFile"};

class Walker {
 public:
  explicit Walker(const Package& package) : package_(package) {}

  Result<std::vector<std::string>> run() {
    found_.push_back("OFD.xml");
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const std::string name = found_[i];
      const Entry* entry = package_.find(name);
      if (entry == nullptr) return parse_part(package_, name).error();
      if (!name.ends_with(".xml") || entry->bytes.find("ofdspec.org") == std::string::npos)
        continue;
      auto root = parse_part(package_, name);
      if (!root) return root.error();
      if (!root.value().name_space.starts_with("http://www.ofdspec.org")) continue;
      visit(name, root.value(), root.value());
      if (error_) return *error_;
    }
    return found_;
  }

 private:
  void visit(const std::string& holder, const XmlElement& root, const XmlElement& element) {
    if (element.children.empty() && kByText.contains(element.name))
      add(resolve_location(holder, trimmed(element.text)));
    if (kByAttribute.contains(element.name) && element.attribute("BaseLoc") != nullptr) {
      add(resolve_location(holder, trimmed(element.attribute_or_empty("BaseLoc"))));
    }
    if (element.name == "Seal") add(resolve_location(holder, child_text(element, "BaseLoc")));
    if (kMedia.contains(element.name)) add(resource_location(holder, root, element.text));
    if (element.name == "ColorSpace" && element.attribute("Profile") != nullptr) {
      add(resource_location(holder, root, element.attribute_or_empty("Profile")));
    }
    for (const XmlElement& child : element.children) visit(holder, root, child);
  }

  void add(const Result<std::string>& name) {
    if (!name) {
      if (!error_) error_ = name.error();
    } else if (seen_.insert(name.value()).second) {
      found_.push_back(name.value());
    }
  }

  const Package& package_;
  std::vector<std::string> found_{};
  std::set<std::string, std::less<>> seen_{"OFD.xml"};
  std::optional<Error> error_{};
};

}  // namespace

Result<std::vector<std::string>> reachable_files(const Package& package) {
  return Walker(package).run();
}

}  // namespace certbridge::ofd
