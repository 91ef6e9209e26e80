#include "catalogue/own_types.h"

#include <algorithm>

#include "config/document.h"

namespace certbridge::host {

OwnTypes::OwnTypes(std::vector<CertificateType> types) : types_(std::move(types)) {
  std::sort(types_.begin(), types_.end(),
            [](const auto& left, const auto& right) { return left.code < right.code; });
}

const CertificateType* OwnTypes::by_code(std::string_view code) const {
  const auto found = std::lower_bound(
      types_.begin(), types_.end(), code,
      [](const CertificateType& type, std::string_view text) { return type.code < text; });
  return found == types_.end() || found->code != code ? nullptr : &*found;
}

std::optional<CertificateType> read_own_type(std::string_view bytes, const std::string& file,
                                             ConfigurationErrors& errors) {
  if (!check_document(bytes, file, SchemaName::kCertificateType, errors)) return std::nullopt;
  auto type = parse_certificate_type(bytes, file);
  if (type) return std::move(type).value();
  errors.push_back(error_from_text(file, type.error().message));
  return std::nullopt;
}

}  // namespace certbridge::host
