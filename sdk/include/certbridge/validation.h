// Rules between the fields of a certificate. Which finding refuses, warns or is accepted is a
// table (config/validation.xml), not code.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/certificate.h"
#include "certbridge/issuer.h"

namespace certbridge {

enum class RuleEffect : std::uint8_t {
  kRefuse = 1,  // the message is parked with the finding
  kWarn = 2,    // recorded, and delivered all the same
  kAccept = 3,  // not a finding in this area
};

struct Finding {
  std::string rule{};  // "shares.sum"
  RuleEffect effect = RuleEffect::kRefuse;
  std::string field{};    // "holders[2].share"
  std::string message{};  // shape and rule, no personal data
};

class ValidationRules {
 public:
  // Reads urn:certbridge:validation:1. Every rule id that the code knows must stand in the table
  // once, and no other: "validation.unknown_rule", "validation.missing_rule",
  // "validation.duplicate_rule"; also "validation.shape", "validation.effect", those of parse_xml.
  static Result<ValidationRules> parse(std::string_view xml, std::string_view file);
  RuleEffect effect_of(std::string_view rule) const;

 private:
  std::map<std::string, RuleEffect, std::less<>> effects_{};
};

// All rule ids that validate() can find, with a sentence for each; the table is checked against it.
const std::map<std::string, std::string, std::less<>>& known_rules();

// Findings that the table does not accept, in the order of the fields. `today` is the local day.
std::vector<Finding> validate(const Certificate& certificate, const ValidationRules& rules,
                              const IssuerDirectory& issuers, std::chrono::year_month_day today);

}  // namespace certbridge
