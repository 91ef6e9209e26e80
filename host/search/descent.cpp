#include "search/descent.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::size_t kSmallest = 16;
constexpr std::size_t kLargest = 512;

}  // namespace

std::optional<std::int64_t> Descent::at_most(std::int64_t high) {
  const bool walked = at_ + 1 >= piece_.size();  // not far passed over
  while (at_ < piece_.size() && piece_[at_] > high) ++at_;
  if (at_ < piece_.size()) return piece_[at_];
  if (ended_) return std::nullopt;
  size_ = walked && size_ > 0 ? std::min(size_ * 2, kLargest) : kSmallest;
  piece_ = read_(high, size_);
  at_ = 0;
  ended_ = piece_.size() < size_;
  if (piece_.empty()) return std::nullopt;
  return piece_.front();
}

std::optional<std::int64_t> common_at_most(std::vector<Descent>& lists, std::int64_t& high,
                                           std::size_t& steps) {
  std::size_t agreed = 0;
  for (std::size_t i = 0; agreed < lists.size(); i = (i + 1) % lists.size()) {
    if (steps == 0) return std::nullopt;
    --steps;
    const auto number = lists[i].at_most(high);
    if (!number) return std::nullopt;
    agreed = *number == high ? agreed + 1 : 1;
    high = *number;
  }
  return high;
}

}  // namespace certbridge::host
