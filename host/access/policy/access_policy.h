// access.xml, read: grounds, purposes with their lists of fields, who may ask by them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::host {

// <objections>: within how many days of the calendar they are to be answered.
struct ObjectionDays {
  std::chrono::days objections{15};
  std::chrono::days complaints{15};
};

// Immutable; any thread. What it holds is seen through decide(), disclose() and these.
class AccessPolicy {
 public:
  // `file` is for messages. Errors name file, line and column: "policy.shape", "policy.value",
  // "policy.unknown" (a ground that names a purpose which is not there…).
  static Result<std::shared_ptr<const AccessPolicy>> parse(std::string_view xml,
                                                           const std::string& file);
  ~AccessPolicy();
  AccessPolicy(const AccessPolicy&) = delete;
  AccessPolicy& operator=(const AccessPolicy&) = delete;

  // "2026-1 sm3:<64 hexadecimal digits>": the version that the file states and its digest. A
  // decision is recomputed under the policy of the same digest.
  const std::string& version() const;

  const ObjectionDays& objection_days() const;

  struct Parts;  // access_policy_parts.h, for this folder alone
  const Parts& parts() const { return *parts_; }

 private:
  explicit AccessPolicy(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace certbridge::host
