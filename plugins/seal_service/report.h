// What the verifier found: every check with its outcome. A check that was not made is never
// reported as passed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::seal_service {

enum class CheckOutcome : std::uint8_t {
  kPassed = 1,
  kWarning = 2,
  kFailed = 3,
  kNotMade = 4,    // the configuration leaves it out, or the file has nothing to check
  kNotReached = 5  // an earlier check failed
};

struct Check {
  std::string name{};  // the word after "seal." in its error codes: "maker_signature"
  CheckOutcome outcome = CheckOutcome::kNotReached;
  std::string detail{};  // what is wrong and where, or why it was not made
};

// One seal of the file, as far as it was read.
struct SealFacts {
  std::string seal_id{};
  std::string seal_name{};
  std::string signer{};  // subject of the signer's certificate
  std::string signer_serial{};
  std::string maker{};
  Timestamp sealed_at{};
  Timestamp valid_from{};
  Timestamp valid_until{};
  bool closed = false;  // no further seal can be added
};

struct Report {
  std::vector<Check> checks{};
  std::vector<SealFacts> seals{};
  std::optional<Error> failure{};  // the first one; nothing when the file is valid
  std::string identifier{};        // metadata 证照标识 of the file

  bool valid() const { return !failure.has_value(); }
  // "valid", "invalid", or "undecided" when the set-up kept the verifier from a verdict.
  std::string_view verdict() const;
  // Names of the checks that were not made, separated by commas.
  std::string not_made() const;
  // Of several outcomes of one check (a file may carry several seals) the worst stays.
  void pass(std::string_view name);
  void warn(std::string_view name, const std::string& detail);
  void leave_out(std::string_view name, const std::string& why);
  // Notes the first failure; its code names the check.
  void fail(const Error& error);
  // Adds what was not reached, so that every report lists the same checks.
  void finish();

 private:
  void note(std::string_view name, CheckOutcome outcome, const std::string& detail);
};

// JSON text: verdict, code and message of the failure, identifier, seals, checks.
std::string write_report(const Report& report);

// The names of all checks in order, each with a sentence.
struct CheckName {
  std::string_view name;
  std::string_view meaning;
};
const std::vector<CheckName>& check_names();

}  // namespace certbridge::seal_service
