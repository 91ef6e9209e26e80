// What is wrong in access.xml beyond its form: all of it, so that staff mend it in one round.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"
#include "certbridge/xml.h"
#include "config/configuration_error.h"

namespace certbridge::host {

class PolicyFindings {
 public:
  explicit PolicyFindings(std::string file) : file_(std::move(file)) {}

  void add(const char* code, const XmlElement& at, std::string_view reason, std::string suggestion);
  void add(const ConfigurationErrors& of_the_form);  // "policy.shape"
  bool empty() const { return errors_.empty(); }
  const std::string& file() const { return file_; }
  // The code of the first, and sentences, one a line, as far as a message reaches.
  Error as_error() const;

 private:
  std::string file_;
  std::string code_{};
  ConfigurationErrors errors_{};
};

}  // namespace certbridge::host
