// Whoever works at the host itself: what he unmasks, draws or takes out is decided by the same
// policy as a query, and recorded before he sees it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/policy/decision.h"
#include "access/records/access_log.h"
#include "access/records/access_reader.h"
#include "certbridge/result.h"

namespace certbridge::host {

class AccessPolicy;

// The calling system and the issuer of persons under which access.xml speaks of them.
inline constexpr std::string_view kHostItself = "certbridge";
inline constexpr std::string_view kOperateIssuer = "operate";

struct OperatorWish {
  AccessKind kind = AccessKind::kDisplay;  // display, render or export
  std::string person{};                    // as <operate> names him
  std::string role{};                      // under which he acts: "audit-administrator"
  std::string ground{"operation"};         // name of a ground of the policy
  std::string purpose{"operation"};        // name of a purpose of the policy
  std::string reason{};                    // personal: what it is needed for
  std::string about{};                     // "message m-15", "900 records"; nothing personal
  // About whom and what, as far as it is one: personal.
  std::string holder{};
  std::string number{};
  std::string identifier{};
  std::string type{};           // type code
  std::uint64_t refers_to = 0;  // of an access record that is looked at
  std::string digest{};         // SM3 (32 bytes) of what is taken out; may be empty
};

// What is decided of it, and the record of that. Pure but for a trace id.
struct OperatorDecision {
  Decision decision{};
  AccessRecord record{};
};
OperatorDecision decide_operator(const AccessPolicy& policy, const OperatorWish& wish,
                                 Timestamp now);

// Any thread.
class OperatorAccess {
 public:
  virtual ~OperatorAccess() = default;
  // The number of the record, once it is durable; nothing may be shown without it. A denial is
  // recorded as well, and is a permanent error with the code and the sentence of the policy. Else
  // the errors of AccessRecorder::append.
  virtual Result<std::uint64_t> admit(const OperatorWish& wish) = 0;
};

// What makes personal parts unreadable, of a log that is written: AccessLog::destroy_personal.
class PersonalKeyDestroyer {
 public:
  virtual ~PersonalKeyDestroyer() = default;
  virtual Result<std::uint64_t> destroy_personal(const std::string& holder,
                                                 const AccessRecord& why) = 0;
  virtual Result<AccessPlace> append(const AccessRecord& record) = 0;
  virtual Result<ReadAccess> record(std::uint64_t number) = 0;
};

class Objections;  // objections/objections.h

// What a running host lends to people who operate it; null where it records no accesses.
struct AccessOfHost {
  OperatorAccess* operators = nullptr;
  PersonalKeyDestroyer* keys = nullptr;
  Objections* objections = nullptr;
};

// By a policy, into a log; lends all three.
class RecordedOperatorAccess final : public OperatorAccess {
 public:
  RecordedOperatorAccess(const AccessPolicy& policy, AccessRecorder& recorder, const Clock& clock)
      : policy_(policy), recorder_(recorder), clock_(clock) {}
  Result<std::uint64_t> admit(const OperatorWish& wish) override;

 private:
  const AccessPolicy& policy_;
  AccessRecorder& recorder_;
  const Clock& clock_;
};

}  // namespace certbridge::host
