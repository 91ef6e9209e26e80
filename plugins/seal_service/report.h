// What the verifier found: every check with its outcome, in the order in which they are made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::seal_service {

enum class CheckOutcome : std::uint8_t { kPassed = 1, kWarning = 2, kFailed = 3, kNotReached = 4 };

struct Check {
  std::string name{};  // the last word of the error code: "maker_signature"
  CheckOutcome outcome = CheckOutcome::kNotReached;
  std::string detail{};  // what is wrong and where
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
  void pass(std::string_view name);
  void warn(std::string_view name, const std::string& detail);
  // Notes the failure; the check is the last word of its code.
  void fail(const Error& error);
  // Adds what was not reached, so that every report lists the same checks.
  void finish();
};

// JSON text: verdict, code, place of failure, checks, seals.
std::string write_report(const Report& report);

// The names of all checks in order, each with a sentence.
struct CheckName {
  std::string_view name;
  std::string_view meaning;
};
const std::vector<CheckName>& check_names();

}  // namespace certbridge::seal_service
