// The signed statement of an issuer about the person behind a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/callers/callers_file.h"
#include "access/callers/verified_signatures.h"

namespace certbridge::host {

inline constexpr std::size_t kMostAssertionBytes = 4096;

// The person whom `text` names, for a request of this system at this time; nothing when anything of
// it is wrong: form, issuer, signature, audience, times or unit. A signature that `verified` knows
// is not verified again.
std::optional<AssertedPerson> asserted_person(std::string_view text, const CallersConfig& config,
                                              std::string_view system, Timestamp now,
                                              VerifiedSignatures& verified);

}  // namespace certbridge::host
