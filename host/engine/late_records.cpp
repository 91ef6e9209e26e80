#include "engine/late_records.h"

#include <pthread.h>

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kJournalPause{500};

// False when the host stops meanwhile.
bool pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, kJournalPause, [] { return false; });
  return !stop.stop_requested();
}

void log_failure(const EngineServices& services, const std::string& message_id,
                 const Error& error) {
  services.logger.log(LogLevel::kWarning, "delivery.not_recorded",
                      {{"message", message_id}, {"code", error.code}, {"reason", error.message}});
}

}  // namespace

LateRecords::LateRecords(EngineServices services) : services_(services) {}

LateRecords::~LateRecords() {
  stop();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return pending_ == 0; });
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LateRecords::put(Transition transition, const std::string& message_id) {
  {
    const std::lock_guard lock(mutex_);
    ++pending_;
  }
  auto record = std::make_shared<Record>(Record{transition, message_id});
  services_.store.route_later(std::move(transition),
                              [this, record](auto stored) { answered(stored, record); });
}

// On the journal's thread: what is to be tried again is another thread's.
void LateRecords::answered(const Result<std::vector<StoredDelivery>>& stored,
                           const std::shared_ptr<Record>& record) {
  const std::lock_guard lock(mutex_);
  const bool again = !stored && stored.error().severity == Severity::kRetryable;
  if (!stored) log_failure(services_, record->message_id, stored.error());
  if (again) {
    again_.push_back(record);
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  } else {
    --pending_;
  }
  changed_.notify_all();
}

void LateRecords::work() {
  pthread_setname_np(pthread_self(), "late-records");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !again_.empty(); });
    if (again_.empty()) return;
    const auto one = again_.front();
    again_.pop_front();
    lock.unlock();
    if (pause(stop_.get_token())) {
      (void)record(services_, one->transition, one->message_id, stop_.get_token());
    }
    lock.lock();
    --pending_;
    changed_.notify_all();
  }
}

void LateRecords::stop() { stop_.request_stop(); }

bool LateRecords::wait_idle(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, until, [this] { return pending_ == 0; });
}

Result<void> LateRecords::record(const EngineServices& services, const Transition& transition,
                                 const std::string& message_id, const std::stop_token& stop) {
  while (true) {
    auto applied = services.store.apply(transition);
    if (applied) return applied;
    log_failure(services, message_id, applied.error());
    if (applied.error().severity != Severity::kRetryable || !pause(stop)) return applied;
  }
}

}  // namespace certbridge::host
