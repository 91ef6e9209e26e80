#include "engine/run.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "cli/exit_codes.h"
#include "engine/alarm_watch.h"
#include "engine/catalogue_watch.h"
#include "engine/drain_deadline.h"
#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/health.h"
#include "engine/housekeeping.h"
#include "engine/lane_chooser.h"
#include "engine/order_rules.h"
#include "engine/receiver.h"
#include "engine/terms.h"
#include "engine/watchdog.h"
#include "observe/clock.h"
#include "observe/logging.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kWatchPeriod{1};
constexpr std::chrono::milliseconds kDrainGrace{300};
constexpr std::chrono::hours kHousekeepingPeriod{1};
constexpr std::chrono::minutes kTermPeriod{1};
constexpr std::chrono::seconds kAlarmPeriod{2};
constexpr std::chrono::milliseconds kCataloguePeriod{250};

void write_line(const std::string& line) {
  // One write per line: a reader of the log never sees half of one.
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

Result<std::unique_ptr<Store>> open_store(const RunSettings& settings, const Clock& clock,
                                          const std::vector<CompiledRoute>& routes,
                                          const OrderRules& orders) {
  auto key = settings.secret(settings.configuration.master_key_secret);
  if (!key) return key.error();
  StoreSettings store;
  store.folder = settings.configuration.data_folder;
  store.master_key_id = settings.configuration.master_key_secret;
  auto bytes = parse_sm3_digest(key.value());
  if (!bytes) {
    return Error::fault("journal.master_key",
                        "the secret " + store.master_key_id +
                            " must be 64 hexadecimal characters (openssl rand -hex 32)");
  }
  store.master_key.assign(bytes.value().begin(), bytes.value().end());
  store.clock = &clock;
  store.lane_of = lane_chooser(routes);
  store.goes_on_receipt = [&orders](const std::string& name) { return orders.goes_on(name); };
  store.cipher = settings.configuration.journal.cipher;
  store.reserve_bytes = settings.configuration.journal.reserve;
  store.largest_message_bytes = settings.configuration.journal.largest_message;
  for (const EndpointConfig& endpoint : settings.configuration.endpoints) {
    if (endpoint.delivery.verdicts.repair_holds) store.repair_holds.insert(endpoint.name);
  }
  return open_sqlite_store(store);
}

// Everything of a running host, in the order of construction; destroyed in reverse.
class Host {
 public:
  explicit Host(RunSettings settings)
      : settings_(std::move(settings)),
        log_(settings_.configuration.log_format == "text" ? LogFormat::kText : LogFormat::kJson,
             LogLevel::kInfo, clock_, write_line),
        logger_(make_logger(log_, "")),
        orders_(settings_.configuration) {}

  // An exit code, or none when everything runs.
  std::optional<int> start();
  void wait(const sigset_t& signals);
  // False when the drain deadline passed with calls still running.
  bool stop();

 private:
  bool drain(std::chrono::steady_clock::time_point until);
  void leave_behind();
  HostServices services();
  Result<void> open_catalogue();
  void listen();
  Result<void> attach();
  Result<void> open_front();
  std::optional<int> refuse(int code, const Error& error);
  EngineServices engine_services() {
    return {settings_.configuration,
            *store_,
            *endpoints_,
            *memory_,
            clock_,
            metrics_,
            *logger_,
            &deliveries_,
            types_.get(),
            type_lanes_.get()};
  }

  RunSettings settings_;
  SystemClock clock_{};
  MetricsRegistry metrics_{};
  std::atomic<std::uint64_t> deliveries_{0};
  LogOutput log_;
  std::unique_ptr<Logger> logger_;
  OrderRules orders_;
  std::unique_ptr<Store> store_{};
  std::unique_ptr<MemoryStage> memory_{};
  std::unique_ptr<StoreFacts> facts_{};
  std::unique_ptr<EndpointSet> endpoints_{};
  std::unique_ptr<IntakeLimit> intake_{};
  BesideRoutes beside_{};
  std::vector<std::unique_ptr<HostReceiver>> receivers_{};
  std::unique_ptr<TypeCatalogue> types_{};
  std::unique_ptr<TypeLanes> type_lanes_{};
  std::unique_ptr<Engine> engine_{};
  std::unique_ptr<Housekeeping> housekeeping_{};
  std::unique_ptr<TermThread> terms_{};
  std::unique_ptr<AlarmWatch> alarms_{};
  std::unique_ptr<CatalogueWatch> catalogue_{};
  std::unique_ptr<ObserveFront> front_{};
  std::unique_ptr<Watchdog> watchdog_{};
  std::atomic<bool> engine_runs_{false};
  std::atomic<bool> left_behind_{false};
  std::vector<std::unique_ptr<Companion>> attachments_{};
};

std::optional<int> Host::refuse(int code, const Error& error) {
  logger_->log(LogLevel::kError, "host.refused", {{"code", error.code}, {"reason", error.message}});
  return code;
}

HostServices Host::services() {
  HostServices services;
  services.clock = &clock_;
  services.issuers = &settings_.configuration.issuers;
  services.environment = settings_.configuration.environment;
  services.logger = [this](const std::string& name) { return make_logger(log_, name); };
  services.metrics = [this](const std::string& name) { return make_metrics(metrics_, name); };
  services.memory = [this](const std::string& name) { return memory_->for_endpoint(name); };
  services.spool = [this] { return store_->spool(); };
  services.facts = facts_.get();
  services.secret = settings_.secret;
  services.order = [this](const std::string& name, DeliveryOrder order) {
    orders_.note(name, order);
    logger_->log(LogLevel::kInfo, "endpoint.order", orders_.fields(name));
  };
  return services;
}

std::optional<int> Host::start() {
  auto routes = compile_routes(settings_.configuration);
  if (!routes) return refuse(kExitConfiguration, routes.error());
  beside_ = BesideRoutes(routes.value());
  auto store = open_store(settings_, clock_, routes.value(), orders_);
  if (!store) return refuse(kExitJournal, store.error());
  store_ = std::move(store).value();
  memory_ = std::make_unique<MemoryStage>(*store_);
  facts_ = std::make_unique<StoreFacts>(*store_);
  endpoints_ = make_endpoints(settings_.configuration, services());
  watchdog_ = std::make_unique<Watchdog>(
      *endpoints_,
      [this](const auto& threads) {
        if (engine_runs_) engine_->stand_in(threads);
      },
      kWatchPeriod);
  if (auto opened = open_catalogue(); !opened) return refuse(kExitConfiguration, opened.error());
  endpoints_->start();
  engine_ = std::make_unique<Engine>(engine_services(), std::move(routes).value());
  engine_->start();
  engine_runs_ = true;
  housekeeping_ = std::make_unique<Housekeeping>(
      *store_, clock_, *logger_, settings_.configuration.journal.retention, kHousekeepingPeriod);
  terms_ = std::make_unique<TermThread>(
      TermServices{*store_, settings_.configuration.life, clock_, *logger_, metrics_}, kTermPeriod);
  alarms_ = std::make_unique<AlarmWatch>(engine_services(), kAlarmPeriod);
  catalogue_ = std::make_unique<CatalogueWatch>(engine_services(), types_.get(), kCataloguePeriod);
  for (const auto open : {&Host::attach, &Host::open_front}) {
    if (auto opened = (this->*open)(); !opened) {
      stop();
      return refuse(kExitConfiguration, opened.error());
    }
  }
  listen();
  watchdog_->probe_from_now_on();
  return std::nullopt;
}

// What the files say is known before the first certificate is looked at.
Result<void> Host::open_catalogue() {
  if (settings_.configuration.catalogue.given) {
    types_ = std::make_unique<TypeCatalogue>(settings_.configuration);
    ConfigurationErrors errors;
    types_->look(errors);
    if (!errors.empty()) return Error::permanent("catalogue.refused", to_text(errors.front()));
  }
  type_lanes_ = std::make_unique<TypeLanes>(engine_services());
  type_lanes_->restore();
  return {};
}

// Sources come last: what they hand over meets a host that is ready for it.
void Host::listen() {
  intake_ = std::make_unique<IntakeLimit>(settings_.configuration.intake, *store_, clock_, *logger_,
                                          metrics_);
  std::set<std::string> names;
  for (const RouteConfig& route : settings_.configuration.routes) {
    names.insert(route.from.begin(), route.from.end());
  }
  const auto hand_over = [this](std::vector<StoredMessage> ready) {
    engine_->hand_over(std::move(ready));
  };
  for (const std::string& name : names) {
    Source* source = endpoints_->source(name);
    if (source == nullptr) continue;
    receivers_.push_back(std::make_unique<HostReceiver>(
        name, *intake_, *store_, hand_over, metrics_, *logger_, clock_, &deliveries_, beside_));
    if (auto listening = source->listen(*receivers_.back()); !listening) {
      logger_->log(LogLevel::kError, "source.not_listening",
                   {{"endpoint", name},
                    {"code", listening.error().code},
                    {"reason", listening.error().message}});
    }
  }
}

Result<void> Host::attach() {
  for (const RunSettings::Attach& attach : settings_.attach) {
    auto attached = attach(engine_services());
    if (!attached) return attached.error();
    attachments_.push_back(std::move(attached).value());
  }
  return {};
}

Result<void> Host::open_front() {
  std::string port = "0";
  if (!settings_.configuration.listen.empty()) {
    auto front =
        open_observe_front(settings_.configuration.listen, [this](const std::string& path) {
          if (path == "/health/live")
            return FrontAnswer{200, "application/json", "{\"live\":true}\n"};
          if (path == "/health/ready") return ready_answer(engine_services());
          if (path == "/metrics") return metrics_answer(engine_services());
          return FrontAnswer{404, "text/plain", "paths: /metrics /health/live /health/ready\n"};
        });
    if (!front) return front.error();
    front_ = std::move(front).value();
    port = std::to_string(front_->port());
  }
  logger_->log(LogLevel::kInfo, "host.started",
               {{"node", settings_.configuration.node},
                {"environment", settings_.configuration.environment},
                {"port", port}});
  for (const std::string& warning : settings_.configuration.warnings) {
    logger_->log(LogLevel::kWarning, "configuration.warning", {{"reason", warning}});
  }
  if (!settings_.ready_file.empty()) {
    std::ofstream(settings_.ready_file + ".part") << port << "\n";
    std::rename((settings_.ready_file + ".part").c_str(), settings_.ready_file.c_str());
  }
  return {};
}

void Host::wait(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
}

// A thread that hangs inside a plugin can be neither stopped nor joined; the journal is closed
// under it, so that nothing that is committed needs repair.
void Host::leave_behind() {
  store_->close();
  if (left_behind_.exchange(true)) return;
  logger_->log(
      LogLevel::kError, "host.drain_deadline",
      {{"reason",
        "calls are still running; what they were sending is unknown and will be confirmed"}});
}

bool Host::drain(std::chrono::steady_clock::time_point until) {
  endpoints_->stop_sources();
  housekeeping_.reset();
  terms_.reset();
  alarms_.reset();
  catalogue_.reset();
  while (!attachments_.empty()) attachments_.pop_back();
  const bool drained = engine_->stop(until);
  if (front_) front_->stop();
  return drained;
}

// Also what is not a call of the engine may hang: a source's own thread, a probe, a destructor.
bool Host::stop() {
  const auto until = clock_.steady() + settings_.configuration.drain_deadline;
  logger_->log(LogLevel::kInfo, "host.draining", {});
  const DrainDeadline deadline(until + kDrainGrace, [this] {
    leave_behind();
    _exit(kExitDrainDeadline);
  });
  if (!drain(until)) {
    leave_behind();
    return false;
  }
  endpoints_->stop();
  watchdog_.reset();
  engine_.reset();
  store_->close();
  logger_->log(LogLevel::kInfo, "host.stopped", {});
  return true;
}

}  // namespace

int run_host(RunSettings settings) {
  const sigset_t signals = block_signals();
  auto host = std::make_unique<Host>(std::move(settings));
  if (const auto code = host->start()) return *code;
  host->wait(signals);
  if (!host->stop()) _exit(kExitDrainDeadline);
  return kExitOk;
}

}  // namespace certbridge::host
