#include "intake.h"

#include <pthread.h>

#include <algorithm>
#include <boost/json.hpp>

namespace certbridge::http {
namespace {

constexpr std::size_t kLargestBatch = 256;
// While one waits for a commit, the next gathers what will be in the one after.
constexpr int kThreads = 4;
constexpr std::chrono::milliseconds kBusyFor{1000};

std::string json_of(std::initializer_list<std::pair<const char*, std::string>> members) {
  boost::json::object object;
  for (const auto& [name, value] : members) {
    if (!value.empty()) object[name] = value;
  }
  return boost::json::serialize(object);
}

// The host's code says why; its sentence is for those who operate it.
FrontAnswer busy(std::chrono::milliseconds wait, const std::string& code = {}) {
  return {
      503,
      json_of({{"code", code.empty() ? "http.busy" : code}, {"message", "not taken; try again"}}),
      wait.count() > 0 ? wait : kBusyFor};
}

FrontAnswer refused(const Error& error) {
  return {422, json_of({{"code", error.code}, {"message", error.message}}), {}};
}

}  // namespace

FrontAnswer answer_of(const Acceptance& acceptance) {
  switch (acceptance.verdict) {
    case Acceptance::Verdict::kAccepted:
      return {202, json_of({{"id", acceptance.id}}), {}};
    case Acceptance::Verdict::kSame:
      return {200, json_of({{"id", acceptance.id}}), {}};
    case Acceptance::Verdict::kConflict:
      return {409,
              json_of({{"id", acceptance.id},
                       {"code", "http.conflict"},
                       {"message", "this key was sent before with other content"}}),
              {}};
    case Acceptance::Verdict::kRefused:
      return {
          422,
          json_of(
              {{"id", acceptance.id}, {"code", acceptance.code}, {"message", acceptance.message}}),
          {}};
    default:
      return busy(acceptance.retry_after, acceptance.code);
  }
}

Intake::Intake(Envelope envelope, Receiver& receiver, Now now, std::size_t most)
    : envelope_(std::move(envelope)), receiver_(receiver), now_(std::move(now)), most_(most) {
  for (int i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this] {
      pthread_setname_np(pthread_self(), "http-intake");
      work();
    });
  }
}

Intake::~Intake() { stop(); }

void Intake::submit(Kind kind, std::string body, FrontReply reply) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < most_) {
      waiting_.push_back({kind, std::move(body), std::move(reply)});
      arrived_.notify_one();
      return;
    }
  }
  reply(busy(kBusyFor));
}

void Intake::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (Waiting& waiting : waiting_) waiting.reply(busy(kBusyFor));
  waiting_.clear();
}

void Intake::work() {
  while (true) {
    std::deque<Waiting> events;
    std::deque<Waiting> verdicts;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      while (!waiting_.empty() && events.size() < kLargestBatch) {
        auto& into = waiting_.front().kind == Kind::kEvent ? events : verdicts;
        into.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    if (!events.empty()) hand_over(std::move(events));
    for (const Waiting& verdict : verdicts) settle(verdict);
  }
}

void Intake::hand_over(std::deque<Waiting> batch) {
  std::vector<Message> messages;
  messages.reserve(batch.size());
  const Timestamp now = now_();
  for (Waiting& waiting : batch)
    messages.push_back(read_event(envelope_, std::move(waiting.body), now));
  const std::vector<Acceptance> acceptances = receiver_.accept(std::move(messages));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].reply(i < acceptances.size() ? answer_of(acceptances[i]) : busy(kBusyFor));
  }
}

void Intake::settle(const Waiting& waiting) {
  auto verdict = read_verdict(*envelope_.verdict, waiting.body, now_());
  if (!verdict) return waiting.reply(refused(verdict.error()));
  auto settled = receiver_.settle(verdict.value().correlation, verdict.value().outcome);
  waiting.reply(settled ? FrontAnswer{200, "{}", {}} : busy(kBusyFor));
}

}  // namespace certbridge::http
