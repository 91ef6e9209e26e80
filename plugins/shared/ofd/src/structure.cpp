#include "certbridge_ofd/structure.h"

#include "certbridge_ofd/location.h"
#include "parts.h"

namespace certbridge::ofd {
namespace {

constexpr std::size_t kMostPages = 200;

Error wrong(const std::string& name, const std::string& what) {
  return Error::permanent("ofd.structure", name + ": " + what);
}

Result<Part> document_of(const Package& package) {
  auto root = parse_part(package, "OFD.xml");
  if (!root) return root.error();
  const XmlElement* body = root.value().child("DocBody");
  if (root.value().name != "OFD" || body == nullptr) return wrong("OFD.xml", "holds no document");
  return follow(package, "OFD.xml", child_text(*body, "DocRoot"));
}

Result<void> read_resources(const Package& package, const std::string& holder,
                            const std::string& location, Structure& structure) {
  auto part = follow(package, holder, location);
  if (!part) return part.error();
  const XmlElement& root = part.value().root;
  if (const XmlElement* fonts = root.child("Fonts")) {
    for (const XmlElement* font : fonts->children_named("Font")) {
      structure.fonts.push_back({font->attribute_or_empty("ID"),
                                 font->attribute_or_empty("FontName"),
                                 font->attribute_or_empty("Bold") == "true"});
    }
  }
  const XmlElement* media = root.child("MultiMedias");
  if (media == nullptr) return {};
  for (const XmlElement* picture : media->children_named("MultiMedia")) {
    auto file = resource_location(part.value().name, root, child_text(*picture, "MediaFile"));
    if (!file) return file.error();
    structure.pictures.push_back({picture->attribute_or_empty("ID"), std::move(file).value()});
  }
  return {};
}

Result<void> read_pages(const std::string& holder, const std::vector<const XmlElement*>& elements,
                        std::vector<PageFile>& pages) {
  if (elements.size() > kMostPages) {
    return Error::permanent("ofd.too_large", "the document has more than 200 pages");
  }
  for (const XmlElement* page : elements) {
    auto file = resolve_location(holder, trimmed(page->attribute_or_empty("BaseLoc")));
    if (!file) return file.error();
    pages.push_back({page->attribute_or_empty("ID"), std::move(file).value()});
  }
  return {};
}

Result<void> read_common(const Package& package, const Part& document, Structure& structure) {
  const XmlElement* common = document.root.child("CommonData");
  if (common == nullptr) return wrong(document.name, "has no CommonData");
  if (const XmlElement* area = common->child("PageArea")) {
    structure.page_box = child_text(*area, "PhysicalBox");
  }
  for (const char* kind : {"PublicRes", "DocumentRes"}) {
    for (const XmlElement* resources : common->children_named(kind)) {
      if (auto read = read_resources(package, document.name, resources->text, structure); !read) {
        return read.error();
      }
    }
  }
  return read_pages(document.name, common->children_named("TemplatePage"), structure.layouts);
}

Result<void> read_signature(const Package& package, const std::string& holder,
                            const std::string& location, std::vector<SealPlace>& places) {
  auto part = follow(package, holder, location);
  if (!part) return part.error();
  const XmlElement* info = part.value().root.child("SignedInfo");
  auto value = resolve_location(part.value().name, child_text(part.value().root, "SignedValue"));
  if (!value) return value.error();
  if (info == nullptr) return wrong(part.value().name, "has no SignedInfo");
  for (const XmlElement* stamp : info->children_named("StampAnnot")) {
    places.push_back({stamp->attribute_or_empty("PageRef"), stamp->attribute_or_empty("Boundary"),
                      value.value()});
  }
  return {};
}

}  // namespace

Result<Structure> read_structure(const Package& package) {
  auto document = document_of(package);
  if (!document) return document.error();
  Structure structure;
  if (auto read = read_common(package, document.value(), structure); !read) return read.error();
  const XmlElement* pages = document.value().root.child("Pages");
  if (pages == nullptr) return wrong(document.value().name, "has no pages");
  auto read = read_pages(document.value().name, pages->children_named("Page"), structure.pages);
  if (!read) return read.error();
  if (structure.pages.empty()) return wrong(document.value().name, "has no pages");
  return structure;
}

Result<std::vector<SealPlace>> read_seal_places(const Package& package) {
  auto root = parse_part(package, "OFD.xml");
  if (!root) return root.error();
  std::vector<SealPlace> places;
  const XmlElement* body = root.value().child("DocBody");
  const std::string location = body == nullptr ? std::string() : child_text(*body, "Signatures");
  if (location.empty()) return places;
  auto list = follow(package, "OFD.xml", location);
  if (!list) return list.error();
  const auto signatures = list.value().root.children_named("Signature");
  if (signatures.size() > 100) return Error::permanent("ofd.too_large", "more than 100 signatures");
  for (const XmlElement* signature : signatures) {
    auto read = read_signature(package, list.value().name, signature->attribute_or_empty("BaseLoc"),
                               places);
    if (!read) return read.error();
  }
  return places;
}

}  // namespace certbridge::ofd
