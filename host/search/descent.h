// Sorted lists of numbers that are read downwards, and what is in all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace certbridge::host {

// One list, read in pieces. What is passed over is not read: pieces start small and grow while all
// of them is wanted.
class Descent {
 public:
  // Numbers up to `high`, highest first, at most `limit`; fewer only at the end of the list.
  using Read = std::function<std::vector<std::int64_t>(std::int64_t high, std::size_t limit)>;
  explicit Descent(Read read) : read_(std::move(read)) {}

  // The highest number up to `high`, which never grows from call to call.
  std::optional<std::int64_t> at_most(std::int64_t high);

 private:
  Read read_;
  std::vector<std::int64_t> piece_{};
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool ended_ = false;
};

// The highest number up to `high` that is in every list; each step to another number costs one of
// `steps`. None at the end of a list or when no steps are left: `high` is where it came to then.
std::optional<std::int64_t> common_at_most(std::vector<Descent>& lists, std::int64_t& high,
                                           std::size_t& steps);

}  // namespace certbridge::host
