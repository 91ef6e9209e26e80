// What the log says of an error.
#pragma once

#include <string>

#include "certbridge/result.h"

namespace certbridge::host {

// The error's message, but not a counterpart's own words about a record (kCodeRejected): they may
// name people, and stand in the journal alone, which is encrypted.
inline std::string log_reason(const Error& error) {
  if (error.code != kCodeRejected) return error.message;
  return "the counterpart's words may name people: see `parked show`";
}

}  // namespace certbridge::host
