#include "access/records/anchor_follower.h"

#include <pthread.h>

#include "access/records/anchor_file.h"
#include "journal/failure.h"

namespace certbridge::host {

AnchorFollower::AnchorFollower(std::string folder, std::chrono::milliseconds pause)
    : folder_(std::move(folder)), pause_(pause) {
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), "access-anchor");
}

AnchorFollower::~AnchorFollower() { stop(); }

void AnchorFollower::offer(const std::string& month, std::uint64_t number, std::string checkpoint) {
  {
    const std::lock_guard lock(mutex_);
    newest_ = {month, number, std::move(checkpoint)};
  }
  changed_.notify_all();
}

std::uint64_t AnchorFollower::anchored() const {
  const std::lock_guard lock(mutex_);
  return anchored_;
}
std::optional<Error> AnchorFollower::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool AnchorFollower::attempt(const Offer& offer) {
  std::optional<Error> trouble;
  try {
    append_anchor(folder_ + "/" + offer.month + ".anchors", offer.checkpoint);
  } catch (const Failure& failure) {
    trouble = failure.error();
  }
  const std::lock_guard lock(mutex_);
  if (!trouble) anchored_ = offer.number;
  trouble_ = trouble;
  return !trouble;
}

void AnchorFollower::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || newest_.number > anchored_; });
    const bool last = stopping_;
    if (newest_.number <= anchored_) return;
    const Offer offer = newest_;
    lock.unlock();
    const bool done = attempt(offer);
    lock.lock();
    if (last) return;
    if (!done) changed_.wait_for(lock, pause_, [this] { return stopping_; });
  }
}

void AnchorFollower::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace certbridge::host
