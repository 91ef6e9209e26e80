// Reads one option after the other into settings and keeps the first failure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/context.h"

namespace certbridge::http {

// An option that is not given leaves its setting as it is.
class OptionReader {
 public:
  explicit OptionReader(const Config& config) : config_(config) {}
  void text(std::string_view name, std::string& into);
  void number(std::string_view name, std::uint64_t& into);
  void duration(std::string_view name, std::chrono::milliseconds& into);
  void size(std::string_view name, std::uint64_t& into);
  void file(std::string_view name, std::string& into);
  void secret(std::string_view name, std::string& into);
  // The first failure, or nothing.
  Result<void> result() const;

 private:
  bool wanted(std::string_view name) const { return !failure_ && config_.has(name); }
  template <class T, class Into>
  void keep(Result<T> read, Into& into);

  const Config& config_;
  std::optional<Error> failure_{};
};

}  // namespace certbridge::http
