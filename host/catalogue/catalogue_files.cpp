#include "catalogue/catalogue_files.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "catalogue/used_type_reader.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostTypes = 1000;
constexpr std::size_t kLargestFile = 1024UL * 1024;

void refuse(const std::string& file, const std::string& reason, ConfigurationErrors& errors) {
  errors.push_back(error_at({file, 0, 0}, "", reason));
}

// In the order of their names; nothing when the folder cannot be used.
std::vector<std::string> files_in(const std::string& folder, ConfigurationErrors& errors) {
  std::error_code problem;
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (at->path().extension() == ".xml") files.push_back(at->path().string());
  }
  if (problem) {
    refuse(folder, why_unread(problem), errors);
  } else if (files.empty()) {
    refuse(folder, "the folder holds no type (*.xml)", errors);
  } else if (files.size() > kMostTypes) {
    refuse(folder, "the folder holds more than 1000 types", errors);
    files.clear();
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The bytes of a file that may be read.
std::optional<std::string> bytes_in(const std::string& file, ConfigurationErrors& errors) {
  Result<std::string> bytes = read_file(file, kLargestFile);
  if (bytes) return std::move(bytes).value();
  refuse(file, bytes.error().message, errors);
  return std::nullopt;
}

// One type from each file of a folder; no code stands in two.
template <class Type, class Read>
std::optional<std::vector<Type>> types_in(const std::string& folder, const Read& read,
                                          ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  std::vector<Type> types;
  std::map<std::string, std::string> file_of;
  for (const std::string& file : files_in(folder, errors)) {
    const auto bytes = bytes_in(file, errors);
    auto type = bytes ? read(*bytes, file, errors) : std::nullopt;
    if (!type) continue;
    const auto [earlier, is_new] = file_of.emplace(type->code, file);
    if (!is_new) refuse(file, "the type `" + type->code + "` stands in " + earlier->second, errors);
    types.push_back(std::move(*type));
  }
  if (errors.size() != before) return std::nullopt;
  return types;
}

void check_material(const Place& place, const ItemMaterial& material, const UsedTypes& types,
                    ConfigurationErrors& errors) {
  if (!material.electronic || types.by_code(material.type_code) != nullptr) return;
  std::vector<std::string> known;
  for (const UsedType& type : types.all()) known.push_back(type.code);
  errors.push_back(error_at(place, "material",
                            "the catalogue of used types has no type `" + material.type_code + "`",
                            did_you_mean(material.type_code, known)));
}

// The document's elements are those of the items, in the same order.
void check_types(const XmlElement& root, const std::string& file, const ItemDirectory& items,
                 const UsedTypes& types, ConfigurationErrors& errors) {
  for (std::size_t item = 0; item < items.all().size(); ++item) {
    const auto& materials = items.all()[item].materials;
    for (std::size_t material = 0; material < materials.size(); ++material) {
      const XmlElement& at = root.children[item].children[material];
      check_material(place_of(file, at), materials[material], types, errors);
    }
  }
}

}  // namespace

std::optional<UsedTypes> read_used_types(const std::string& folder, ConfigurationErrors& errors) {
  auto types = types_in<UsedType>(folder, &read_used_type, errors);
  if (!types) return std::nullopt;
  return UsedTypes(std::move(*types));
}

std::optional<OwnTypes> read_own_types(const std::string& folder, ConfigurationErrors& errors) {
  auto types = types_in<CertificateType>(folder, &read_own_type, errors);
  if (!types) return std::nullopt;
  return OwnTypes(std::move(*types));
}

std::optional<ItemDirectory> read_items(const std::string& file, const UsedTypes& types,
                                        ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  const auto bytes = bytes_in(file, errors);
  if (!bytes) return std::nullopt;
  const auto root = check_document(*bytes, file, SchemaName::kItems, errors);
  if (!root) return std::nullopt;
  auto items = parse_items(*bytes, file);
  if (!items) {
    errors.push_back(error_from_text(file, items.error().message));
    return std::nullopt;
  }
  check_types(*root, file, items.value(), types, errors);
  if (errors.size() != before) return std::nullopt;
  return std::move(items).value();
}

}  // namespace certbridge::host
