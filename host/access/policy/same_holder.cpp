#include "access/policy/same_holder.h"

#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

bool tells_its_type(std::string_view code) {
  return CitizenId::parse(code).ok() || CreditCode::parse(code).ok();
}

bool has_same_type(const QueriedHolder& wanted, const QueriedHolder& found) {
  if (found.code_type.empty()) return tells_its_type(comparable_code(found.code));
  return wanted.code_type == found.code_type;
}

}  // namespace

bool is_same_holder(const QueriedHolder& wanted, const QueriedHolder& found) {
  const std::string code = comparable_code(wanted.code);
  if (code.empty() || code != comparable_code(found.code)) return false;
  if (!has_same_type(wanted, found)) return false;
  return wanted.name.empty() ||
         fold_width_and_blanks(wanted.name) == fold_width_and_blanks(found.name);
}

}  // namespace certbridge::host
