#include "access/policy/policy_findings.h"

#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestMessage = 1800;  // bytes

}  // namespace

void PolicyFindings::add(const char* code, const XmlElement& at, std::string_view reason,
                         std::string suggestion) {
  if (code_.empty()) code_ = code;
  errors_.push_back(error_at(place_of(file_, at), at.name, reason, std::move(suggestion)));
}

void PolicyFindings::add(const ConfigurationErrors& of_the_form) {
  if (code_.empty() && !of_the_form.empty()) code_ = "policy.shape";
  errors_.insert(errors_.end(), of_the_form.begin(), of_the_form.end());
}

Error PolicyFindings::as_error() const {
  std::string message;
  std::size_t told = 0;
  for (; told < errors_.size(); ++told) {
    const std::string sentence = to_text(errors_[told]);
    if (told > 0 && message.size() + sentence.size() > kLongestMessage) break;
    message += (told == 0 ? "" : "\n") + sentence;
  }
  if (told < errors_.size()) message += "\nand " + std::to_string(errors_.size() - told) + " more";
  return Error::fault(code_, message);
}

}  // namespace certbridge::host
