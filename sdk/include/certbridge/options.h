// Options of an endpoint, read one after the other and told of at the end.
#pragma once

#include <optional>

#include "certbridge/context.h"

namespace certbridge {

// Each function answers the option's value, or an empty one where the option is not given or
// something failed before. One thread.
class OptionReader {
 public:
  explicit OptionReader(const Config& config) : config_(config) {}
  std::string text(std::string_view name);
  std::string file(std::string_view name);
  std::string secret(std::string_view name);
  std::int64_t integer(std::string_view name);
  std::uint64_t size(std::string_view name);
  bool boolean(std::string_view name);
  std::chrono::milliseconds duration(std::string_view name);
  // The first failure, or nothing.
  Result<void> result() const;

 private:
  template <class T>
  T value_of(std::string_view name, Result<T> (Config::*read)(std::string_view) const);

  const Config& config_;
  std::optional<Error> failure_{};
};

// A file that an option names.
struct OptionFile {
  std::string path{};
  std::string text{};
};
inline constexpr std::uint64_t kLargestOptionFile = 4UL * 1024 * 1024;
// "config.file" when it cannot be read or is above `most` bytes.
Result<OptionFile> read_option_file(const Config& config, std::string_view name,
                                    std::uint64_t most = kLargestOptionFile);

}  // namespace certbridge
