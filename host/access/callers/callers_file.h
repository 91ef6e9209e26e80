// callers.xml, read, and the Callers that are made of it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/callers/callers.h"
#include "access/policy/patterns.h"
#include "access/records/signatures.h"
#include "certbridge/result.h"

namespace certbridge::host {

// Who may say which person is behind a request.
struct AssertionIssuer {
  CheckingKey key;
  std::chrono::seconds longest_validity{};
  std::string unit{};  // credit code that its persons have; empty: none is expected
};

struct CallingSystem {
  std::string unit{};         // credit code
  std::string certificate{};  // SHA-256, lower-case hex; empty: it has none
  std::string key_secret{};  // name of the secret; empty: it signs nothing. One of the two is there
  bool assertion_needed = true;
  std::vector<std::string>
      issuers{};                 // whose assertions it may bring; empty: any that is configured
  AccessLimits limits{};         // of the system; 0: those of access.xml count
  AccessLimits person_limits{};  // of each person behind it
};

struct CallersConfig {
  std::chrono::seconds time_window{300};  // either way of the clock
  std::size_t nonces = 300'000;           // remembered of each system
  std::map<std::string, AssertionIssuer, std::less<>> issuers{};
  std::map<std::string, CallingSystem, std::less<>> systems{};
};

// `file` is its path: for messages, and key files are relative to its folder. Errors are faults
// that name file, line and column: "callers.shape", "callers.value", "callers.unknown" (an issuer
// that is not there), "callers.key" (a public key that cannot be read, or is none on the SM2
// curve).
Result<CallersConfig> parse_callers(std::string_view xml, const std::string& file);

// The value of a secret by its name.
using SecretLookup = std::function<Result<std::string>(std::string_view name)>;

// Each key is looked up now. "callers.secret": a secret is missing, or is not 64 hexadecimal
// digits. Lends the clock.
Result<std::unique_ptr<Callers>> make_callers(const CallersConfig& config,
                                              const SecretLookup& secret, const Clock& clock);

// Limits that systems have of their own go before those of access.xml.
void add_limits(const CallersConfig& config, PatternSettings& settings);

}  // namespace certbridge::host
