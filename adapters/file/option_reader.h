// Reads options one after the other and keeps the first failure.
#pragma once

#include <optional>

#include "certbridge/context.h"

namespace certbridge::file {

// Each function answers the option's value, or an empty one where it is not given or something
// failed before.
class OptionReader {
 public:
  explicit OptionReader(const Config& config) : config_(config) {}
  std::string text(std::string_view name);
  std::string file(std::string_view name);
  std::string secret(std::string_view name);
  std::int64_t number(std::string_view name);
  std::uint64_t size(std::string_view name);
  bool yes(std::string_view name);
  std::chrono::milliseconds duration(std::string_view name);
  // The first failure, or nothing.
  Result<void> result() const;

 private:
  template <class T>
  T value_of(std::string_view name, Result<T> (Config::*read)(std::string_view) const);

  const Config& config_;
  std::optional<Error> failure_{};
};

}  // namespace certbridge::file
