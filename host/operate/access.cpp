// What people at the host unmask, draw or take out: decided by the access policy, and recorded.
#include "access/policy/operator_access.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

Error not_recorded() {
  return Error::permanent(
      "access.none",
      "this host records no accesses (<access> and <queries> of certbridge.xml),"
      " so nothing may be unmasked");
}

std::string text_or(const OperationCall& call, const char* name, const std::string& otherwise) {
  std::string text = call.text(name);
  return text.empty() ? otherwise : text;
}

std::optional<OperatorWish> wish_in(const OperationCall& call) {
  const auto kind = access_kind(call.text("kind"));
  const bool known =
      kind == AccessKind::kDisplay || kind == AccessKind::kRender || kind == AccessKind::kExport;
  if (!known) return {};
  OperatorWish wish;
  wish.kind = *kind;
  wish.person = call.actor.person;
  wish.role = call.actor.role;
  wish.ground = text_or(call, "ground", wish.ground);
  wish.purpose = text_or(call, "purpose", wish.purpose);
  wish.reason = call.text("reason");
  wish.about = call.text("about");
  wish.holder = call.text("holder");
  wish.number = call.text("number");
  wish.identifier = call.text("identifier");
  wish.type = call.text("type");
  wish.refers_to = static_cast<std::uint64_t>(call.number("record", 0));
  if (const auto digest = parse_sm3_digest(call.text("digest"))) {
    wish.digest = {digest.value().begin(), digest.value().end()};
  }
  return wish;
}

Result<OperationAnswer> admit_operator(const OperationCall& call) {
  if (call.services.access == nullptr) return not_recorded();
  const auto wish = wish_in(call);
  if (!wish)
    return Error::permanent("operate.parameter", "`kind` must be display, render or export");
  const auto record = call.services.access->admit(*wish);
  if (!record) return record.error();
  OperationAnswer answer;
  answer.values = {{"record", count_field(record.value())}};
  return answer;
}

}  // namespace

std::vector<Operation> access_operations() {
  return {
      {"access",
       "admit",
       Effect::kReveals,
       {Role::kAuditAdministrator, Role::kOperator, Role::kReviewer, Role::kInspector},
       "ask whether you may see, draw or take out, and have it recorded; commands do so by "
       "themselves",
       {{"kind", ParameterType::kText, true, false, "display, render or export"},
        {"about", ParameterType::kText, true, false, "what it is, without personal values"},
        {"ground", ParameterType::kText, false, false, "of the access policy (operation)"},
        {"purpose", ParameterType::kText, false, false, "of the access policy (operation)"},
        {"type", ParameterType::kText, false, false, "type code of the certificate"},
        {"holder", ParameterType::kText, false, false, "identifier of the holder", true},
        {"number", ParameterType::kText, false, false, "number of the certificate", true},
        {"identifier", ParameterType::kText, false, false, "identifier of the certificate", true},
        {"record", ParameterType::kNumber, false, false, "the access record that is looked at"},
        {"digest", ParameterType::kText, false, false, "SM3 of what is taken out"},
        kReason},
       &admit_operator},
  };
}

}  // namespace certbridge::host
