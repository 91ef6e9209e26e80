// A word under which a message is found.
#pragma once

#include <cstdint>
#include <string>

namespace certbridge::host {

// Only its keyed digest is ever stored.
struct SearchTerm {
  enum class Kind : std::uint8_t {
    kCase = 1,
    kCertificateNumber = 2,
    kHolderId = 3,
    kHolderName = 4,
  };
  Kind kind = Kind::kCase;
  std::string value{};
};

// The form in which values of a kind are compared: certificate numbers as in
// normalise_certificate_number(), holders without blanks and in one width and case, citizens'
// numbers of fifteen digits completed to eighteen.
std::string normalised(const SearchTerm& term);

}  // namespace certbridge::host
