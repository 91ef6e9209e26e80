// The items (事项) of the service guide and what an applicant hands in for each:
// config/guide/items.xml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge {

// One thing that an item asks for.
struct ItemMaterial {
  std::string name{};       // as the guide prints it: "居民身份证"
  std::string type_code{};  // of the certificate (GB/T 36902); empty: it is no certificate
  bool electronic = false;  // can be had electronically; has a type then
  bool operator==(const ItemMaterial&) const = default;
};

struct ServiceItem {
  std::string code{};  // 事项编码, as the registration system and the library have it
  std::string name{};
  std::vector<ItemMaterial> materials{};
  // Type codes among the materials, in their order, each once.
  std::vector<std::string> material_types() const;
  bool operator==(const ServiceItem&) const = default;
};

// Immutable after parsing.
class ItemDirectory {
 public:
  ItemDirectory() = default;
  explicit ItemDirectory(std::vector<ServiceItem> items) : items_(std::move(items)) {}
  const std::vector<ServiceItem>& all() const { return items_; }
  const ServiceItem* by_code(std::string_view code) const;  // null when there is none

 private:
  std::vector<ServiceItem> items_{};
};

// Reads items.xml (urn:certbridge:items:1); `file` is named in errors, which name line and column.
// Codes: those of parse_xml, "items.shape", "items.type" (no type code of GB/T 36902),
// "items.duplicate" (an item's code, or a type or name within an item, stands twice).
Result<ItemDirectory> parse_items(std::string_view xml, std::string_view file);

}  // namespace certbridge
