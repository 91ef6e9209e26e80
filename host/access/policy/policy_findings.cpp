#include "access/policy/policy_findings.h"

#include <algorithm>

#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSentences = 10;

}  // namespace

void PolicyFindings::add(const char* code, const XmlElement& at, std::string reason,
                         std::string suggestion) {
  if (code_.empty()) code_ = code;
  errors_.push_back(
      error_at(place_of(file_, at), at.name, std::move(reason), std::move(suggestion)));
}

void PolicyFindings::add(const ConfigurationErrors& of_the_form) {
  if (code_.empty() && !of_the_form.empty()) code_ = "policy.shape";
  errors_.insert(errors_.end(), of_the_form.begin(), of_the_form.end());
}

Error PolicyFindings::as_error() const {
  std::string message;
  for (std::size_t at = 0; at < std::min(errors_.size(), kMostSentences); ++at) {
    message += (at == 0 ? "" : "\n") + to_text(errors_[at]);
  }
  if (errors_.size() > kMostSentences) {
    message += "\nand " + std::to_string(errors_.size() - kMostSentences) + " more";
  }
  return Error::fault(code_, message);
}

}  // namespace certbridge::host
