#include "engine/intake_limit.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kCountAgain{50};
constexpr std::chrono::milliseconds kSoon{1000};
constexpr std::chrono::milliseconds kLater{10'000};
constexpr std::uint64_t kShareToWorkOff = 8;

constexpr MessageState kUnrouted[] = {MessageState::kAccepted, MessageState::kIncomplete};
constexpr DeliveryState kUndelivered[] = {DeliveryState::kWaiting, DeliveryState::kReady,
                                          DeliveryState::kSending, DeliveryState::kRetryAt,
                                          DeliveryState::kUnknown};

Error too_much(const char* code, const char* what, std::uint64_t most,
               std::chrono::milliseconds pause) {
  Error error = Error::retryable(code, std::to_string(most) + " " + what +
                                           "; nothing more is taken in before some of it is done");
  error.retry_after = pause;
  return error;
}

}  // namespace

std::optional<Error> IntakeLimit::refusal(std::size_t count) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.steady();
  if (!counted_at_ || now - *counted_at_ >= kCountAgain) {
    counted_at_ = now;
    count_anew();
  }
  note(judge(unrouted_ + taken_since_));
  if (!refusing_) taken_since_ += count;
  return refusing_;
}

void IntakeLimit::count_anew() {
  const auto figures = store_.figures();
  if (!figures) return;  // whoever writes will be told
  unrouted_ = 0;
  undelivered_ = 0;
  taken_since_ = 0;
  for (const MessageState state : kUnrouted) {
    unrouted_ += figures.value().messages_by_state[static_cast<std::size_t>(state)];
  }
  for (const auto& [endpoint, counts] : figures.value().deliveries_by_endpoint_and_state) {
    for (const DeliveryState state : kUndelivered) {
      undelivered_ += counts.at(static_cast<std::size_t>(state));
    }
  }
}

std::optional<Error> IntakeLimit::judge(std::uint64_t unrouted) const {
  const auto is_reached = [&](const char* code, std::uint64_t there, std::uint64_t most) {
    const bool refused_before = refusing_ && refusing_->code == code;
    return there >= most - (refused_before ? most / kShareToWorkOff : 0);
  };
  if (is_reached("intake.unrouted", unrouted, most_.unrouted)) {
    return too_much("intake.unrouted", "messages wait for their steps", most_.unrouted, kSoon);
  }
  if (is_reached("intake.undelivered", undelivered_, most_.undelivered)) {
    return too_much("intake.undelivered", "deliveries wait", most_.undelivered, kLater);
  }
  return std::nullopt;
}

void IntakeLimit::note(const std::optional<Error>& verdict) {
  const bool as_before = verdict ? refusing_ && refusing_->code == verdict->code : !refusing_;
  refusing_ = verdict;
  if (as_before) return;
  metrics_.gauge("intake_slowed", {}, verdict ? 1 : 0);
  if (!verdict) return logger_.log(LogLevel::kInfo, "sources.resumed", {});
  logger_.log(LogLevel::kWarning, "sources.slowed",
              {{"code", verdict->code}, {"reason", verdict->message}});
}

}  // namespace certbridge::host
