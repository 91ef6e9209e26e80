// What queries need of the host; tests stand in for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "access/callers/callers.h"
#include "access/policy/access_policy.h"
#include "access/policy/patterns.h"
#include "access/records/access_log.h"
#include "access/records/earlier_records.h"
#include "access/records/signatures.h"
#include "archive/kept_uses.h"
#include "catalogue/used_type.h"
#include "certbridge/context.h"
#include "certbridge/items.h"
#include "config/queries_config.h"
#include "objections/objections.h"
#include "observe/metrics.h"
#include "query/source_calls.h"

namespace certbridge::host {

// How often a ground was used, from the access records. Any thread.
class GroundUses {
 public:
  // As long as this is there, others count the use that it stands for.
  class Hold {
   public:
    virtual ~Hold() = default;
  };
  struct Counted {
    std::uint64_t uses = 0;  // besides this one
    std::unique_ptr<Hold> hold{};
  };
  virtual ~GroundUses() = default;
  // Allowed uses of this ground and number by this unit. The hold is let go once this use is
  // recorded, or is none. Errors: those of the index of access records.
  virtual Result<Counted> count(const std::string& ground_kind, const std::string& ground,
                                const std::string& unit) = 0;
};

// What packages of cases are made of.
struct CaseArchive {
  KeptUses& kept;
  const SignatureKey& key;  // that seals
  std::string node{};
};

// All outlive the desk.
struct QueryParts {
  const QueriesConfig& configuration;
  const AccessPolicy& policy;
  Callers& callers;
  AccessPatterns& patterns;
  AccessRecorder& recorder;
  GroundUses& uses;
  EarlierRecords& earlier;
  Objections& objections;
  // For the bytes of a file that is to be verified.
  std::function<Result<std::unique_ptr<ContentWriter>>()> spool;
  const Clock& clock;
  MetricsRegistry& metrics;
  Logger& logger;
  std::vector<CalledEndpoint> endpoints;  // that the routes name
  // Moves on whenever something was delivered; null: nothing ever is.
  const std::atomic<std::uint64_t>* deliveries = nullptr;
  UseKeeper* kept = nullptr;             // null: what is used in cases is not kept
  const CaseArchive* archive = nullptr;  // null: no packages
  // For the guide; without items there is none.
  UsedTypes used_types{};
  ItemDirectory items{};
  // Endpoints that cannot be asked at all; may be empty.
  std::function<std::set<std::string>()> down{};
};

}  // namespace certbridge::host
