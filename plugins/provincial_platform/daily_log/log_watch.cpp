#include "daily_log/log_watch.h"

#include "daily_log/booked_day.h"
#include "daily_log/log_form.h"
#include "daily_log/log_sender.h"
#include "daily_log/log_standing.h"

namespace certbridge::provincial_platform {
namespace {

// A delivery to it is open until the deadline, when the host asks; it ends once a version of the
// log was accepted. Nothing leaves.
class LogWatch final : public Sink {
 public:
  LogWatch(Context& context, LogTimes times, std::string logs)
      : context_(context), times_(times), logs_(std::move(logs)) {}

  Result<Receipt> send(const Message& message, const Call&) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    return watched(Receipt::State::kOpen, of.value());
  }

  Result<Confirmation> confirm(const Message& message, const Call&) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    const auto standing = log_standing(context_.facts(), logs_, of.value());
    if (!standing) return standing.error();
    if (standing.value().accepted) {
      return Confirmation{
          Confirmation::State::kPresent, watched(Receipt::State::kSettled, of.value()), {}};
    }
    const bool late = context_.clock().now() >= due(of.value());
    if (late && !standing.value().open) alarm(of.value(), standing.value().last);
    return Confirmation{Confirmation::State::kInProgress, {}, {}};
  }

 private:
  Timestamp due(const AreaDay& of) const { return of.begins() + times_.due; }

  Receipt watched(Receipt::State state, const AreaDay& of) const {
    const std::string name = of.order_key().value;
    if (state == Receipt::State::kSettled) return {state, name, name, context_.clock().now(), {}};
    return {state, name, name, context_.clock().now(), due(of)};
  }

  void alarm(const AreaDay& of, const std::string& state) {
    context_.metrics().count("daily_logs_overdue_total", {}, 1);
    context_.logger().log(LogLevel::kError, "daily_log.overdue",
                          {{"area", of.area},
                           {"day", of.day_text()},
                           {"state", state.empty() ? "not made yet" : state},
                           {"endpoint_of_logs", logs_}});
  }

  Context& context_;
  LogTimes times_;
  std::string logs_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_log_watch(Context& context) {
  const auto form = log_form_of(context.config());
  if (!form) return form.error();
  auto logs = context.config().text("logs");
  if (!logs) return logs.error();
  return std::unique_ptr<Sink>(
      std::make_unique<LogWatch>(context, form.value().times, std::move(logs).value()));
}

}  // namespace certbridge::provincial_platform
