// Who issues certificates: the directory of config/issuers.xml.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge {

// A seal registered for an issuer: the only one that the seal gate takes for these types.
struct IssuerSeal {
  std::string seal_id{};                  // esID of the electronic seal (GB/T 38540)
  std::vector<std::string> type_codes{};  // certificate type codes (GB/T 36902), 21 characters
  std::string signer{};                   // name of the signer's configuration at the seal service
};

// A county or city authority in whose name certificates are issued.
struct Issuer {
  std::string name{};           // full legal name, as registered at the library
  std::string code{};           // unified social credit code (GB 32100), 18 characters
  std::string area{};           // division code, 6 digits
  std::string number_word{};    // the place in its certificate numbers: "南阳市"
  std::string province_word{};  // "豫"
  std::string environment{};    // "sandbox", "acceptance" or "production"
  std::vector<IssuerSeal> seals{};
};

// Immutable after parsing. Look-ups answer a null pointer when there is none.
class IssuerDirectory {
 public:
  IssuerDirectory() = default;
  explicit IssuerDirectory(std::vector<Issuer> issuers) : issuers_(std::move(issuers)) {}
  const std::vector<Issuer>& all() const { return issuers_; }
  const Issuer* by_code(std::string_view code) const;
  const Issuer* by_area(std::string_view area) const;
  const Issuer* by_name(std::string_view name) const;

 private:
  std::vector<Issuer> issuers_{};
};

// Reads issuers.xml (urn:certbridge:issuers:1); `file` is named in errors. Errors name line and
// column. Refuses two issuers of one code or name, and codes whose check character is wrong. Codes:
// those of parse_xml, "issuers.shape", "issuers.code", "issuers.duplicate".
Result<IssuerDirectory> parse_issuers(std::string_view xml, std::string_view file);

}  // namespace certbridge
