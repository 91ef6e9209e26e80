// How the journal's own parts say that something failed: thrown inside this folder only, turned
// into a Result where a Store method returns.
#pragma once

#include <exception>
#include <utility>

#include "certbridge/result.h"

namespace certbridge::host {

class Failure final : public std::exception {
 public:
  explicit Failure(Error error) : error_(std::move(error)) {}
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

// What was read, or its error thrown.
template <class Value>
Value taken(Result<Value> result) {
  if (!result) throw Failure(result.error());
  return std::move(result).value();
}

}  // namespace certbridge::host
