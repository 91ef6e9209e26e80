// Between the front, which never waits, and the Receiver, which does: each worker hands over
// whatever has arrived when it is free, so that something is ready for every commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "certbridge/endpoint.h"
#include "certbridge_front/http_front.h"
#include "envelope.h"

namespace certbridge::http {

// Any thread may submit. Owns the threads "http-intake". What waits at once may be handed over in
// any order: a sender that cares waits for the answer.
class Intake {
 public:
  enum class Kind : std::uint8_t { kEvent = 1, kVerdict = 2 };
  using Now = std::function<Timestamp()>;
  // The receiver outlives the intake. `most` requests wait at once; more are answered 503.
  Intake(Envelope envelope, Receiver& receiver, Now now, std::size_t most);
  ~Intake();
  void submit(Kind kind, std::string body, FrontReply reply);
  // Answers 503 to what still waits, finishes what is being handed over and joins the threads.
  void stop();

 private:
  struct Waiting {
    Kind kind = Kind::kEvent;
    std::string body{};
    FrontReply reply{};
  };
  void work();
  void hand_over(std::deque<Waiting> batch);
  void settle(const Waiting& waiting);

  Envelope envelope_;
  Receiver& receiver_;
  Now now_;
  std::size_t most_;
  std::mutex mutex_{};
  std::condition_variable arrived_{};
  std::deque<Waiting> waiting_{};
  bool stopping_ = false;
  std::vector<std::thread> threads_{};
};

// What a sender is told: 202, 200 (the same as before), 409, 422, 503 with Retry-After.
FrontAnswer answer_of(const Acceptance& acceptance);

}  // namespace certbridge::http
