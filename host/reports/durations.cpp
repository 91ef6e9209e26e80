#include "reports/durations.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kInSeconds{1};
constexpr std::chrono::hours kInMinutes{96};
constexpr std::chrono::hours kLongest{24 * 3660};

std::chrono::seconds rounded(std::chrono::milliseconds took) {
  if (took <= kInSeconds) return std::chrono::ceil<std::chrono::seconds>(took);
  if (took <= kInMinutes) return std::chrono::ceil<std::chrono::minutes>(took);
  return std::chrono::ceil<std::chrono::hours>(std::min<std::chrono::milliseconds>(took, kLongest));
}

}  // namespace

void Durations::add(std::chrono::milliseconds took) {
  ++counts_[rounded(std::max(took, std::chrono::milliseconds(0)))];
  ++count_;
}

std::chrono::seconds Durations::percentile(int percent) const {
  const std::uint64_t rank = (count_ * static_cast<std::uint64_t>(percent) + 99) / 100;
  std::uint64_t seen = 0;
  for (const auto& [took, count] : counts_) {
    seen += count;
    if (seen >= rank && rank > 0) return took;
  }
  return std::chrono::seconds(0);
}

}  // namespace certbridge::host
