#include <array>

#include "access/policy/asked.h"

namespace certbridge::host {
namespace {

std::string_view is_known(const Asked& it) { return it.ground == nullptr ? "ground.unknown" : ""; }

std::string_view is_in_force(const Asked& it) {
  if (!it.ground->period.has_begun(it.request.when)) return "ground.not_begun";
  return it.ground->period.has_ended(it.request.when) ? "ground.ended" : "";
}

std::string_view is_within_office_hours(const Asked& it) {
  const bool outside = it.ground->office_hours && !it.policy.office_hours.hold(it.request.when);
  return outside ? "ground.office_hours" : "";
}

std::string_view allows_the_access(const Asked& it) {
  return it.ground->accesses.contains(it.request.kind) ? "" : "access.not_allowed";
}

std::string_view serves_the_purpose(const Asked& it) {
  if (it.purpose == nullptr) return "purpose.unknown";
  return it.ground->purposes.contains(it.request.purpose) ? "" : "purpose.not_allowed";
}

std::string_view file_may_leave(const Asked& it) {
  return it.request.original_file && !it.purpose->original_file ? "original.not_allowed" : "";
}

// A file to be verified says itself what it is about; a case that is taken out is no certificate.
std::string_view has_a_subject(const Asked& it) {
  if (it.request.kind == AccessKind::kVerification) return "";
  if (it.ground->kind == GroundKind::kDuty) return "";  // its reason says what it is about
  if (it.request.holder) return it.request.holder->code.empty() ? "subject.missing" : "";
  const bool named = !it.request.identifier.empty() || !it.request.number.empty();
  return named || it.request.kind == AccessKind::kExport ? "" : "subject.missing";
}

constexpr std::array<Condition, 7> kConditions{
    &is_known,           &is_in_force,    &is_within_office_hours, &allows_the_access,
    &serves_the_purpose, &file_may_leave, &has_a_subject};

}  // namespace

std::span<const Condition> conditions_of_the_ground() { return kConditions; }

}  // namespace certbridge::host
