#include "plugins/guard.h"

#include <algorithm>
#include <array>

#include "certbridge/certificate_type.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kFirstBackOff{1000};
constexpr milliseconds kLongestBackOff{60'000};

// A call that is late by a little comes back; one that is late by this much may never do.
milliseconds hang_margin(milliseconds timeout) {
  return std::clamp(timeout / 4, milliseconds(1000), milliseconds(10'000));
}

std::string seconds_text(milliseconds time) { return std::to_string(time.count() / 1000) + " s"; }

// Codes of the host itself, which a component may pass on without declaring them.
bool is_host_code(std::string_view code) {
  constexpr std::array<std::string_view, 8> kPrefixes{
      "endpoint.", "context.", "config.", "secret.", "content.", "spool.", "journal.", "plugin."};
  for (const char* own :
       {kCodeSuperseded, kCodeWithdrawn, kCodeNotHeld, kCodeRejected, kCodeTypeNotRegistered}) {
    if (code == own) return true;
  }
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return code.starts_with(prefix); });
}

}  // namespace

EndpointGuard::EndpointGuard(GuardSettings settings, const Clock& clock, Logger& logger,
                             Metrics& metrics)
    : settings_(std::move(settings)),
      clock_(clock),
      logger_(logger),
      metrics_(metrics),
      calls_(hang_margin(settings_.timeout)) {}

std::uint64_t EndpointGuard::begin_call(const char* doing, Moment deadline) {
  const Moment now = clock_.steady();
  return calls_.begin(doing, now, deadline == Moment{} ? now + settings_.timeout : deadline);
}

void EndpointGuard::end_call(std::uint64_t number) {
  const auto took = calls_.end(number, clock_.steady());
  if (!took) return;
  metrics_.gauge("calls_hanging", {}, static_cast<double>(calls_.hanging()));
  logger_.log(LogLevel::kWarning, "endpoint.call_returned", {{"after", seconds_text(*took)}});
  review_threads();
}

void EndpointGuard::report(const HangingCall& call) {
  metrics_.count("calls_hung_total", {}, 1);
  logger_.log(
      LogLevel::kError, "endpoint.call_hangs",
      {{"call", call.doing},
       {"for", seconds_text(call.lasts)},
       {"reason", "it is past its deadline and has not come back; its thread cannot be stopped"}});
}

void EndpointGuard::watch() {
  const auto found = calls_.newly_hanging(clock_.steady());
  if (found.empty()) return;
  for (const HangingCall& call : found) report(call);
  metrics_.gauge("calls_hanging", {}, static_cast<double>(calls_.hanging()));
  review_threads();
}

void EndpointGuard::review_threads() {
  const std::lock_guard lock(mutex_);
  const bool used_up = calls_.hanging() >= settings_.workers;
  if (used_up_ == used_up) return;
  used_up_ = used_up;
  show_health();
  if (used_up) {
    logger_.log(LogLevel::kError, "endpoint.down", {{"reason", used_up_reason()}});
  } else {
    logger_.log(LogLevel::kInfo, "endpoint.up", {});
  }
}

void EndpointGuard::show_health() { metrics_.gauge("endpoint_up", {}, down_ || used_up_ ? 0 : 1); }

std::string EndpointGuard::used_up_reason() const {
  std::string text = std::to_string(calls_.hanging()) + " calls hang";
  if (const auto longest = calls_.longest(clock_.steady())) {
    text += std::string(", one in ") + longest->doing + " for " + seconds_text(longest->lasts);
  }
  return text + ", and no thread is left for it: restart or isolate";
}

std::optional<Error> EndpointGuard::refuse_when_down() const {
  if (!down_ && !used_up_) return {};
  const std::lock_guard lock(mutex_);
  Error error = Error::retryable("endpoint.down",
                                 "the endpoint `" + settings_.endpoint +
                                     "` is down: " + (used_up_ ? used_up_reason() : reason_));
  const auto left = std::chrono::ceil<milliseconds>(next_probe_ - clock_.steady());
  error.retry_after = for_good_ ? kLongestBackOff : std::max(left, kFirstBackOff);
  return error;
}

std::unique_lock<std::mutex> EndpointGuard::turn() {
  return settings_.one_at_a_time ? std::unique_lock(turn_) : std::unique_lock<std::mutex>();
}

Error EndpointGuard::judge(Error error) {
  const auto declared = settings_.codes.find(error.code);
  if (declared != settings_.codes.end()) {
    error.severity = declared->second;
  } else if (!is_host_code(error.code)) {
    error =
        Error::fault("plugin.undeclared_code",
                     "the endpoint `" + settings_.endpoint + "` answered with the code `" +
                         error.code + "`, which its plugin.xml does not declare: " + error.message);
  }
  if (error.severity == Severity::kFault) {
    count_fault(error);
  } else {
    const std::lock_guard lock(mutex_);
    faults_ = 0;
  }
  return error;
}

Error EndpointGuard::threw(const char* doing, const std::string& what) {
  Error error = Error::fault(
      "plugin.threw", "the endpoint `" + settings_.endpoint + "` threw in " + doing + ": " + what);
  count_fault(error);
  return error;
}

Error EndpointGuard::out_of_memory(const char* doing) {
  return Error::retryable("plugin.threw",
                          "the endpoint `" + settings_.endpoint + "` found no memory in " + doing);
}

void EndpointGuard::succeeded() {
  const std::lock_guard lock(mutex_);
  faults_ = 0;
  if (!down_) back_off_ = milliseconds(0);
}

void EndpointGuard::count_fault(const Error& error) {
  metrics_.count("plugin_faults_total", {{"code", error.code}}, 1);
  logger_.log(LogLevel::kError, "endpoint.fault",
              {{"code", error.code}, {"reason", error.message}});
  const std::lock_guard lock(mutex_);
  if (++faults_ < settings_.faults_until_down || down_) return;
  go_down(std::to_string(settings_.faults_until_down) +
          " faults in a row, the last: " + error.message);
}

void EndpointGuard::go_down(const std::string& reason) {
  reason_ = reason;
  down_ = true;
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  next_probe_ = clock_.steady() + back_off_;
  show_health();
  logger_.log(LogLevel::kError, "endpoint.down", {{"reason", reason}});
}

void EndpointGuard::take_down(const std::string& reason, bool for_good) {
  const std::lock_guard lock(mutex_);
  for_good_ = for_good;
  go_down(reason);
}

void EndpointGuard::bring_up() {
  const std::lock_guard lock(mutex_);
  if (!down_) return;
  faults_ = settings_.faults_until_down - 1;
  reason_.clear();
  down_ = false;
  show_health();
  logger_.log(LogLevel::kInfo, "endpoint.up", {});
}

void EndpointGuard::postpone_probe() {
  const std::lock_guard lock(mutex_);
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  next_probe_ = clock_.steady() + back_off_;
}

bool EndpointGuard::probe_is_due() const {
  const std::lock_guard lock(mutex_);
  return down_ && !used_up_ && !for_good_ && clock_.steady() >= next_probe_;
}

EndpointHealth EndpointGuard::health() const {
  return down_ || used_up_ ? EndpointHealth::kDown : EndpointHealth::kUp;
}

std::string EndpointGuard::reason() const {
  const std::lock_guard lock(mutex_);
  return used_up_ ? used_up_reason() : reason_;
}

}  // namespace certbridge::host
