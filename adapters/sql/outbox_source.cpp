#include "outbox_source.h"

#include <pthread.h>

#include <algorithm>
#include <random>

namespace certbridge::sql {
namespace {

constexpr std::chrono::milliseconds kStatementLimit{30'000};
constexpr std::chrono::milliseconds kRestAfterFailure{2000};
constexpr std::chrono::milliseconds kLeastPause{100};  // after "busy"

struct RowEnd {
  RowStatus status = RowStatus::kTaken;
  std::string reason{};
  std::chrono::milliseconds after{0};
};

RowEnd end_of(const Acceptance& acceptance) {
  switch (acceptance.verdict) {
    case Acceptance::Verdict::kAccepted:
    case Acceptance::Verdict::kSame:
      return {RowStatus::kTaken, {}, {}};
    case Acceptance::Verdict::kConflict:
      return {RowStatus::kRefused, "conflict: this event was taken before with other content", {}};
    case Acceptance::Verdict::kRefused:
      return {RowStatus::kRefused, acceptance.code + ": " + acceptance.message, {}};
    case Acceptance::Verdict::kBusy:
      break;
  }
  return {RowStatus::kRetry, acceptance.code.empty() ? "busy" : "busy: " + acceptance.code,
          std::max(kLeastPause, acceptance.retry_after)};
}

// What a host that is busy asks for; zero when it took everything.
std::chrono::milliseconds longest_pause(const std::vector<Acceptance>& answers) {
  std::chrono::milliseconds longest{0};
  for (const Acceptance& answer : answers) {
    if (answer.verdict == Acceptance::Verdict::kBusy) {
      longest = std::max({longest, kLeastPause, answer.retry_after});
    }
  }
  return longest;
}

std::string random_name() {
  std::random_device device;
  return std::to_string(device()) + "-" + std::to_string(device());
}

}  // namespace

OutboxSource::OutboxSource(OutboxSettings settings, const Clock& clock, Logger& logger,
                           Metrics& metrics, Observer observer)
    : settings_(std::move(settings)),
      table_(settings_.outbox, settings_.connection.backend),
      clock_(clock),
      logger_(logger),
      metrics_(metrics),
      observer_(std::move(observer)),
      instance_(random_name()) {}

OutboxSource::~OutboxSource() { OutboxSource::stop(); }

Result<void> OutboxSource::check(const Call&) {
  auto connection = open_connection(settings_.connection);
  if (!connection) return connection.error();
  auto row = connection.value()->query(
      "SELECT COUNT(*) AS n FROM " + settings_.outbox.table + " WHERE status = 0", {}, 1);
  if (!row) return row.error();
  return {};
}

Result<void> OutboxSource::listen(Receiver& receiver) {
  thread_ = std::thread([this, &receiver] { run(receiver); });
  pthread_setname_np(thread_.native_handle(), "outbox");
  return {};
}

void OutboxSource::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void OutboxSource::run(Receiver& receiver) {
  while (true) {
    auto taken = poll_once(receiver);
    if (!taken) {
      logger_.log(LogLevel::kWarning, "sql.poll_failed",
                  {{"code", taken.error().code}, {"reason", taken.error().message}});
      connection_.reset();
    }
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, pause_after(taken), [this] { return stopping_; })) return;
  }
}

// A host that is busy is left alone for as long as it asks: otherwise every row of the table would
// be claimed and given back in turn.
std::chrono::milliseconds OutboxSource::pause_after(const Result<std::size_t>& taken) const {
  if (!taken) return std::max(settings_.poll, kRestAfterFailure);
  if (busy_for_ > std::chrono::milliseconds(0)) return std::max(settings_.poll, busy_for_);
  if (taken.value() == settings_.batch) return std::chrono::milliseconds(0);
  return settings_.poll;
}

Result<void> OutboxSource::ensure_connection() {
  if (connection_ && connection_->usable()) return connection_->limit(kStatementLimit);
  auto opened = open_connection(settings_.connection);
  if (!opened) return opened.error();
  connection_ = std::move(opened).value();
  return connection_->limit(kStatementLimit);
}

std::string OutboxSource::new_token() { return instance_ + "-" + std::to_string(++claims_); }

Result<std::size_t> OutboxSource::poll_once(Receiver& receiver) {
  busy_for_ = std::chrono::milliseconds(0);
  if (auto connected = ensure_connection(); !connected) return connected.error();
  const std::string token = new_token();
  auto rows = table_.claim(*connection_, token, clock_.now(), settings_.lease, settings_.batch);
  if (!rows) return rows.error();
  if (rows.value().empty()) return std::size_t{0};
  if (observer_) observer_("claimed");
  std::vector<Message> messages;
  for (const ClaimedRow& row : rows.value())
    messages.push_back(message_of(settings_.outbox, row.record));
  const std::vector<Acceptance> answers = receiver.accept(std::move(messages));
  if (observer_) observer_("accepted");
  busy_for_ = longest_pause(answers);
  for (std::size_t i = 0; i < rows.value().size() && i < answers.size(); ++i) {
    if (auto confirmed = confirm(rows.value()[i], answers[i], token); !confirmed)
      return confirmed.error();
    if (observer_) observer_("confirmed");
  }
  metrics_.count("outbox_rows_total", {}, static_cast<double>(rows.value().size()));
  return rows.value().size();
}

Result<void> OutboxSource::confirm(const ClaimedRow& row, const Acceptance& acceptance,
                                   const std::string& token) {
  const RowEnd end = end_of(acceptance);
  return table_.finish(*connection_, token, row, end.status, end.reason, clock_.now() + end.after);
}

}  // namespace certbridge::sql
