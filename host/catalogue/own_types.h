// The types of certificates that are issued here: config/catalogue/own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/certificate_type.h"
#include "config/configuration_error.h"

namespace certbridge::host {

// Immutable. Sorted by code.
class OwnTypes {
 public:
  OwnTypes() = default;
  explicit OwnTypes(std::vector<CertificateType> types);
  const std::vector<CertificateType>& all() const { return types_; }
  const CertificateType* by_code(std::string_view code) const;  // null when there is none

 private:
  std::vector<CertificateType> types_{};
};

// Holds the bytes of one file against the schema and reads them; what is wrong is appended.
std::optional<CertificateType> read_own_type(std::string_view bytes, const std::string& file,
                                             ConfigurationErrors& errors);

}  // namespace certbridge::host
