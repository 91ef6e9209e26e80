#pragma once

#include <string>

#include "certbridge/message.h"

namespace certbridge::registration {

// Empty where it is not set.
inline std::string header_of(const Message& message, const std::string& name) {
  const auto found = message.headers.find(name);
  return found == message.headers.end() ? std::string() : found->second;
}

}  // namespace certbridge::registration
