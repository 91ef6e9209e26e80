#include "parts.h"

#include "certbridge/text.h"
#include "certbridge_ofd/location.h"
#include "text.h"

namespace certbridge::ofd {
namespace {

Error missing(const Package& package, const std::string& name) {
  const std::string lower = ascii_lower(name);
  for (const Entry& entry : package.entries) {
    if (ascii_lower(entry.name) == lower) {
      return Error::permanent("ofd.missing_file", "the document names " + shortened(name) +
                                                      ", but the package spells it " +
                                                      shortened(entry.name));
    }
  }
  return Error::permanent("ofd.missing_file", "the document names " + shortened(name) +
                                                  ", which is not in the package");
}

}  // namespace

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Result<XmlElement> parse_part(const Package& package, const std::string& name) {
  const Entry* entry = package.find(name);
  if (entry == nullptr) return missing(package, name);
  XmlLimits limits;
  limits.bytes = 16UL * 1024 * 1024;
  limits.elements = 1'000'000;
  auto root = parse_xml(entry->bytes, name, limits);
  if (!root) return Error::permanent("ofd.structure", root.error().message);
  return root;
}

Result<Part> follow(const Package& package, const std::string& holder,
                    const std::string& location) {
  auto name = resolve_location(holder, trimmed(location));
  if (!name) return name.error();
  auto root = parse_part(package, name.value());
  if (!root) return root.error();
  return Part{std::move(name).value(), std::move(root).value()};
}

std::string child_text(const XmlElement& element, std::string_view child) {
  const XmlElement* found = element.child(child);
  return found == nullptr ? std::string() : trimmed(found->text);
}

Result<std::string> resource_location(const std::string& holder, const XmlElement& resources,
                                      const std::string& location) {
  std::string base = resources.attribute_or_empty("BaseLoc");
  if (!base.empty() && !base.ends_with('/')) base += '/';
  return resolve_location(holder,
                          trimmed(location).starts_with('/') ? location : base + trimmed(location));
}

}  // namespace certbridge::ofd
