#include "query/kept_check.h"

#include "access/policy/decision_inputs.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostUses = 10'000;
constexpr std::chrono::hours kReach{1};

// As query_kept.cpp decides: an answer from which something left, of a kind that uses certificates.
bool may_be_kept(const AccessRecord& record) {
  const bool uses = record.kind == AccessKind::kQuery || record.kind == AccessKind::kFile ||
                    record.kind == AccessKind::kVerification ||
                    record.kind == AccessKind::kComparison;
  return uses && record.decision == AccessDecision::kAllowed && record.refers_to == 0 &&
         !record.disclosed_digest.empty() && !record.inputs.empty();
}

}  // namespace

KeptCheck::KeptCheck(KeptUses& kept, Logger& logger, std::uint64_t last)
    : kept_(kept), logger_(logger), last_(last) {}

void KeptCheck::see(const ReadAccess& access) {
  if (access.place.number > last_ || !may_be_kept(access.record)) return;
  uses_.push_back(access);
  while (uses_.size() > kMostUses || uses_.front().written < access.written - kReach) {
    uses_.pop_front();
  }
}

bool KeptCheck::note(const ReadAccess& access) {
  const auto inputs = parse_inputs(access.record.inputs);
  if (!inputs || !inputs.value().facts.case_facts) return false;
  const CaseFacts& facts = *inputs.value().facts.case_facts;
  KeptUse use;
  use.case_no = facts.case_no.empty() ? inputs.value().request.ground : facts.case_no;
  if (kept_.has(use.case_no, access.place.number)) return false;
  if (!facts.provisional) use.earlier_no = facts.provisional_no;
  use.place = access.place;
  use.record = access.record;
  use.missing = true;
  const auto kept = kept_.keep(use);
  logger_.log(LogLevel::kWarning, "archive.missing",
              {{"record", std::to_string(access.place.number)},
               {"noted", kept ? "yes" : kept.error().code}});
  return kept.ok();
}

std::uint64_t KeptCheck::finish() {
  std::uint64_t noted = 0;
  for (const ReadAccess& one : uses_) {
    if (note(one)) ++noted;
  }
  uses_.clear();
  return noted;
}

}  // namespace certbridge::host
