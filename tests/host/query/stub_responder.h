// A responder whose answers a test decides.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "certbridge/endpoint.h"
#include "certbridge/query.h"

namespace certbridge::host {

// Far above what anything here ever takes; only a hang lasts so long.
inline constexpr std::chrono::seconds kPatience{60};

class StubResponder final : public Responder {
 public:
  using Answer = std::function<Result<Message>(const Message& question, const Call& call)>;
  explicit StubResponder(Answer answer) : answer_(std::move(answer)) {}
  Result<Message> answer(const Message& question, const Call& call) override {
    {
      const std::lock_guard lock(mutex_);
      questions_.push_back(question);
    }
    came_.notify_all();
    return answer_(question, call);
  }
  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return questions_.size();
  }
  Message question(std::size_t place) const {
    const std::lock_guard lock(mutex_);
    return questions_.at(place);
  }
  bool wait_for(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, kPatience, [&] { return questions_.size() >= count; });
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_{};
  mutable std::condition_variable came_{};
  std::vector<Message> questions_{};
};

inline Message message_of(std::string body) {
  Message message;
  message.media_type = kQueryMediaType;
  message.body = content_of(std::move(body));
  return message;
}

// Holds whoever comes until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait_for(lock, kPatience, [this] { return open_; });
  }

 private:
  std::mutex mutex_{};
  std::condition_variable opened_{};
  bool open_ = false;
};

// What comes, in its order.
template <class Value>
class Arrivals {
 public:
  void add(Value value) {
    const std::lock_guard lock(mutex_);  // also while others are told: they may end this
    values_.push_back(std::move(value));
    came_.notify_all();
  }
  // The first `count`; fewer when the patience is at its end.
  std::vector<Value> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, kPatience, [&] { return values_.size() >= count; });
    return values_;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  mutable std::mutex mutex_{};
  std::condition_variable came_{};
  std::vector<Value> values_{};
};

}  // namespace certbridge::host
