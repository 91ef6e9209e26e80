#include "plugins/call_watch.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;

milliseconds since(CallWatch::Moment began, CallWatch::Moment now) {
  return std::chrono::duration_cast<milliseconds>(now - began);
}

}  // namespace

std::uint64_t CallWatch::begin(const char* doing, Moment now, Moment deadline) {
  const std::lock_guard lock(mutex_);
  calls_[next_] = {doing, now, deadline, std::this_thread::get_id(), false};
  return next_++;
}

std::optional<milliseconds> CallWatch::end(std::uint64_t number, Moment now) {
  const std::lock_guard lock(mutex_);
  const auto call = calls_.extract(number);
  if (call.empty() || !call.mapped().hangs) return {};
  --hanging_;
  return since(call.mapped().began, now);
}

std::vector<HangingCall> CallWatch::newly_hanging(Moment now) {
  const std::lock_guard lock(mutex_);
  std::vector<HangingCall> found;
  for (auto& [number, call] : calls_) {
    if (call.hangs || now <= call.deadline + margin_) continue;
    call.hangs = true;
    ++hanging_;
    found.push_back({call.doing, since(call.began, now)});
  }
  return found;
}

std::size_t CallWatch::hanging() const {
  const std::lock_guard lock(mutex_);
  return hanging_;
}

std::optional<HangingCall> CallWatch::longest(Moment now) const {
  const std::lock_guard lock(mutex_);
  std::optional<HangingCall> found;
  for (const auto& [number, call] : calls_) {
    const milliseconds lasts = since(call.began, now);
    if (call.hangs && (!found || lasts > found->lasts)) found = {call.doing, lasts};
  }
  return found;
}

void CallWatch::add_threads(std::set<std::thread::id>& threads) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, call] : calls_) {
    if (call.hangs) threads.insert(call.thread);
  }
}

}  // namespace certbridge::host
