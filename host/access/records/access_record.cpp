#include "access/records/access_record.h"

namespace certbridge::host {

std::string to_text(AccessKind kind) {
  switch (kind) {
    case AccessKind::kQuery:
      return "query";
    case AccessKind::kFile:
      return "file";
    case AccessKind::kVerification:
      return "verification";
    case AccessKind::kComparison:
      return "comparison";
    case AccessKind::kAvailability:
      return "availability";
    case AccessKind::kDisplay:
      return "display";
    case AccessKind::kRender:
      return "render";
    case AccessKind::kExport:
      return "export";
    case AccessKind::kPaperAccepted:
      return "paper-accepted";
    case AccessKind::kFlag:
      return "flag";
    case AccessKind::kKeysDestroyed:
      return "keys-destroyed";
    case AccessKind::kObjection:
      return "objection";
    case AccessKind::kComplaint:
      return "complaint";
    case AccessKind::kObjectionStep:
      return "objection-step";
    case AccessKind::kOwnUses:
      return "own-uses";
    case AccessKind::kReference:
      return "reference";
  }
  return {};
}

std::optional<AccessKind> access_kind(std::string_view text) {
  for (int number = 1; number <= static_cast<int>(kLastAccessKind); ++number) {
    const auto kind = static_cast<AccessKind>(number);
    if (to_text(kind) == text) return kind;
  }
  return {};
}

}  // namespace certbridge::host
