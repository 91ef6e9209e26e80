#include "profile/finding.h"

#include <algorithm>

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostFindings = 10;

}  // namespace

std::string sentence(const Finding& finding) {
  std::string place = finding.table;
  if (finding.row > 0) place += " row " + std::to_string(finding.row);
  if (!finding.attribute.empty()) {
    place += (finding.table == "head" ? " field " : ", attribute ") + finding.attribute;
  }
  return place + ": " + finding.rule;
}

Error error_of(const char* code, const std::string& what, const std::vector<Finding>& findings) {
  std::string text = what + ": ";
  const std::size_t shown = std::min(findings.size(), kMostFindings);
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : "; ") + sentence(findings[i]);
  }
  if (findings.size() > shown) text += "; and " + std::to_string(findings.size() - shown) + " more";
  return Error::permanent(code, text);
}

}  // namespace certbridge::provincial_platform
