#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "components.h"
#include "options.h"

namespace certbridge::sql {
namespace {

class OutboxSource final : public Source {
 public:
  OutboxSource(Context& context, std::unique_ptr<Pool> pool, OutboxTable table,
               PollerSettings settings, std::chrono::milliseconds interval, StepObserver observer)
      : context_(context),
        pool_(std::move(pool)),
        interval_(interval),
        poller_(*pool_, std::move(table), settings, context.clock(), std::move(observer)) {}
  ~OutboxSource() override { stop(); }

  Result<void> start() override {
    return check_connection(*pool_,
                            std::chrono::steady_clock::now() + pool_->settings().connect_timeout);
  }

  Result<void> listen(Receiver& receiver) override {
    thread_ =
        std::jthread([this, &receiver](const std::stop_token& asked) { run(receiver, asked); });
    pthread_setname_np(thread_.native_handle(), "sql-outbox");
    return {};
  }

  void stop() override {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    pool_->close();
  }

  Result<void> check(const Call& call) override { return check_connection(*pool_, call.deadline); }

 private:
  void run(Receiver& receiver, const std::stop_token& asked) {
    while (!asked.stop_requested()) {
      auto handed = poller_.poll(receiver);
      if (!handed) report(handed.error());
      if (handed && handed.value() > 0) {
        context_.metrics().count("outbox_rows_total", {}, static_cast<double>(handed.value()));
        continue;
      }
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, asked, interval_, [] { return false; });
    }
  }

  void report(const Error& error) {
    context_.logger().log(LogLevel::kWarning, "sql.poll_failed",
                          {{"code", error.code}, {"reason", error.message}});
    context_.metrics().count("outbox_errors_total", {{"code", error.code}}, 1);
  }

  Context& context_;
  std::unique_ptr<Pool> pool_;
  std::chrono::milliseconds interval_;
  OutboxPoller poller_;
  std::mutex mutex_{};
  std::condition_variable_any wake_{};
  std::jthread thread_{};
};

struct PollOptions {
  PollerSettings settings{};
  std::chrono::milliseconds interval{};
  std::string owner{};
};

Result<PollOptions> poll_options(const Config& config) {
  PollOptions options;
  auto batch = config.integer("batch");
  auto lease = config.duration("lease");
  auto interval = config.duration("poll-interval");
  auto owner = config.text("owner");
  if (!batch) return batch.error();
  if (!lease) return lease.error();
  if (!interval) return interval.error();
  if (!owner) return owner.error();
  options.settings.batch = static_cast<std::size_t>(batch.value());
  options.settings.lease = lease.value();
  options.settings.time_limit = std::min(options.settings.time_limit, lease.value() / 2);
  options.interval = interval.value();
  options.owner = owner.value();
  return options;
}

}  // namespace

Result<std::unique_ptr<Source>> make_outbox(Context& context, StepObserver observer) {
  auto pool = make_pool(context);
  if (!pool) return pool.error();
  auto file = declaration_option(context, "envelope");
  if (!file) return file.error();
  auto envelope = parse_envelope(file.value().text, file.value().path);
  if (!envelope) return envelope.error();
  auto options = poll_options(context.config());
  if (!options) return options.error();
  OutboxTable table(std::move(envelope).value(), options.value().owner);
  return std::unique_ptr<Source>(std::make_unique<OutboxSource>(
      context, std::move(pool).value(), std::move(table), options.value().settings,
      options.value().interval, std::move(observer)));
}

}  // namespace certbridge::sql
