#include "certbridge/testing/manifest.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "certbridge/xml.h"

namespace certbridge::testing {
namespace {

ManifestOption option_of(const XmlElement& element) {
  ManifestOption option;
  option.name = element.attribute_or_empty("name");
  option.type = element.attribute_or_empty("type");
  option.values = element.attribute_or_empty("values");
  option.required = element.attribute_or_empty("required") == "yes";
  if (const XmlAttribute* given = element.attribute("default")) option.default_value = given->value;
  return option;
}

ManifestKind kind_of(const XmlElement& makes) {
  ManifestKind kind;
  kind.kind = makes.attribute_or_empty("kind");
  kind.as = makes.attribute_or_empty("as");
  kind.outside_effect = makes.attribute_or_empty("outside-effect") == "yes";
  for (const XmlElement* option : makes.children_named("option")) {
    kind.options.emplace(option->attribute_or_empty("name"), option_of(*option));
  }
  for (const XmlElement* role : makes.children_named("role")) {
    kind.roles.push_back(role->attribute_or_empty("name"));
  }
  return kind;
}

Severity severity_named(const std::string& word) {
  if (word == "retryable") return Severity::kRetryable;
  return word == "permanent" ? Severity::kPermanent : Severity::kFault;
}

}  // namespace

const ManifestKind* Manifest::find(std::string_view kind) const {
  for (const ManifestKind& candidate : kinds) {
    if (candidate.kind == kind) return &candidate;
  }
  return nullptr;
}

Manifest read_manifest(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  Manifest manifest;
  manifest.folder = path.substr(0, path.find_last_of('/') + 1);
  auto root = parse_xml(bytes.str(), path, XmlLimits{});
  if (!root) {
    ADD_FAILURE() << "manifest: " << root.error().message;
    return manifest;
  }
  for (const XmlElement* makes : root.value().children_named("makes")) {
    manifest.kinds.push_back(kind_of(*makes));
  }
  for (const XmlElement* error : root.value().children_named("error")) {
    manifest.errors.emplace(error->attribute_or_empty("code"),
                            severity_named(error->attribute_or_empty("severity")));
  }
  return manifest;
}

}  // namespace certbridge::testing
