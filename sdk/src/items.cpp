#include "certbridge/items.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "certbridge/xml.h"

namespace certbridge {
namespace {

constexpr std::string_view kItemsNameSpace = "urn:certbridge:items:1";

// Reads one file; every error names file, line and column.
class ItemsReader {
 public:
  explicit ItemsReader(std::string_view file) : file_(file) {}

  Result<ItemDirectory> read(const XmlElement& root) const {
    if (auto shape = check(root, "items", {}); !shape) return shape.error();
    std::vector<ServiceItem> items;
    for (const XmlElement& child : root.children) {
      auto item = read_item(child);
      if (!item) return item.error();
      const std::string& code = item.value().code;
      const bool twice = std::any_of(items.begin(), items.end(),
                                     [&](const ServiceItem& one) { return one.code == code; });
      if (twice) return wrong("items.duplicate", child, "the item `" + code + "` stands twice");
      items.push_back(std::move(item).value());
    }
    return ItemDirectory(std::move(items));
  }

 private:
  Error wrong(const char* code, const XmlElement& at, const std::string& reason) const {
    return Error::permanent(code, file_ + ":" + std::to_string(at.line) + ":" +
                                      std::to_string(at.column) + ": " + shortened(reason));
  }

  Result<void> check(const XmlElement& at, std::string_view name,
                     const std::vector<std::string_view>& attributes) const {
    if (at.name != name || at.name_space != kItemsNameSpace) {
      return wrong("items.shape", at,
                   "<" + at.name + "> stands where <" + std::string(name) + "> of " +
                       std::string(kItemsNameSpace) + " is expected");
    }
    for (const XmlAttribute& one : at.attributes) {
      const bool known =
          std::find(attributes.begin(), attributes.end(), one.name) != attributes.end();
      if (!known) return wrong("items.shape", at, "unknown attribute `" + one.name + "`");
      if (one.value.empty()) {
        return wrong("items.shape", at, "the attribute `" + one.name + "` is empty; leave it out");
      }
    }
    return {};
  }

  Result<ServiceItem> read_item(const XmlElement& at) const {
    if (auto shape = check(at, "item", {"code", "name"}); !shape) return shape.error();
    ServiceItem item{at.attribute_or_empty("code"), at.attribute_or_empty("name"), {}};
    if (item.code.empty() || item.name.empty()) {
      return wrong("items.shape", at, "an item needs `code` and `name`");
    }
    for (const XmlElement& child : at.children) {
      auto material = read_material(child);
      if (!material) return material.error();
      if (auto once = refuse_same(child, item, material.value()); !once) return once.error();
      item.materials.push_back(std::move(material).value());
    }
    return item;
  }

  Result<ItemMaterial> read_material(const XmlElement& at) const {
    if (auto shape = check(at, "material", {"name", "type", "electronic"}); !shape) {
      return shape.error();
    }
    if (!at.children.empty()) return wrong("items.shape", at, "<material> has no elements");
    const std::string electronic = at.attribute_or_empty("electronic");
    ItemMaterial material{at.attribute_or_empty("name"), at.attribute_or_empty("type"),
                          electronic == "yes"};
    if (material.name.empty() || (electronic != "yes" && electronic != "no")) {
      return wrong("items.shape", at, "a material needs `name`, and `electronic` yes or no");
    }
    if (material.electronic && material.type_code.empty()) {
      return wrong("items.shape", at,
                   "what can be had electronically is a certificate: name its `type`");
    }
    if (material.type_code.empty()) return material;
    if (auto type = TypeCode::parse(material.type_code); !type) {
      return wrong("items.type", at, "type: " + type.error().message);
    }
    return material;
  }

  Result<void> refuse_same(const XmlElement& at, const ServiceItem& item,
                           const ItemMaterial& material) const {
    for (const ItemMaterial& earlier : item.materials) {
      const bool type = !material.type_code.empty() && earlier.type_code == material.type_code;
      if (!type && earlier.name != material.name) continue;
      return wrong("items.duplicate", at,
                   "a material of this " + std::string(type ? "type" : "name") +
                       " stands above in the same item");
    }
    return {};
  }

  std::string file_;
};

}  // namespace

std::vector<std::string> ServiceItem::material_types() const {
  std::vector<std::string> types;
  for (const ItemMaterial& one : materials) {
    if (!one.type_code.empty()) types.push_back(one.type_code);
  }
  return types;
}

const ServiceItem* ItemDirectory::by_code(std::string_view code) const {
  for (const ServiceItem& item : items_) {
    if (item.code == code) return &item;
  }
  return nullptr;
}

Result<ItemDirectory> parse_items(std::string_view xml, std::string_view file) {
  const auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return root.error();
  return ItemsReader(file).read(root.value());
}

}  // namespace certbridge
