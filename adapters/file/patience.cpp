#include "patience.h"

#include <algorithm>

namespace certbridge::file {
namespace {

constexpr std::chrono::milliseconds kFirstRest{1000};
constexpr std::chrono::minutes kLongestRest{5};
constexpr std::size_t kMost = 10'000;

}  // namespace

bool Patience::rests(const std::string& name, Moment now) const {
  const auto found = lost_.find(name);
  return found != lost_.end() && now < found->second.until;
}

bool Patience::is_lost(const std::string& name, Moment now) {
  if (rests(name, now)) return false;
  if (lost_.size() >= kMost) lost_.clear();
  Lost& lost = lost_[name];
  lost.rest = std::clamp<std::chrono::milliseconds>(2 * lost.rest, kFirstRest, kLongestRest);
  lost.until = now + lost.rest;
  return true;
}

}  // namespace certbridge::file
