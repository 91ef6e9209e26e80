#include "engine_fixture.h"

#include <cstdlib>

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::milliseconds kPoll{2};

std::filesystem::path fresh_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "engine-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  return pattern;
}

}  // namespace

Result<Receipt> ScriptedSink::send(const Message& message, const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
    calls_.push_back(call);
  }
  if (on_send) return on_send(message, call);
  Receipt receipt;
  receipt.remote_id = "remote-" + message.id;
  return receipt;
}

Result<Confirmation> ScriptedSink::confirm(const Message& message, const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    ++confirmed_;
  }
  if (on_confirm) return on_confirm(message, call);
  Confirmation absent;
  absent.state = Confirmation::State::kAbsent;
  return absent;
}

std::vector<std::string> ScriptedSink::sent() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const Message& message : messages_) ids.push_back(message.id);
  return ids;
}
std::vector<Message> ScriptedSink::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}
std::vector<Call> ScriptedSink::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}
int ScriptedSink::confirmed() const {
  const std::lock_guard lock(mutex_);
  return confirmed_;
}

EngineTest::EngineTest()
    : log_(LogFormat::kText, LogLevel::kError, clock_,
           [this](const std::string& line) {
             const std::lock_guard lock(log_mutex_);
             logged_ += line;
           }),
      logger_(make_logger(log_, "")),
      folder_(fresh_folder()) {
  configuration_.step_workers = 2;
  open();
}

std::string EngineTest::logged() {
  const std::lock_guard lock(log_mutex_);
  return logged_;
}

void EngineTest::open() {
  StoreSettings settings;
  settings.folder = folder_.string();
  settings.master_key = std::string(32, 'k');
  settings.master_key_id = "test";
  settings.clock = &clock_;
  settings.repair_holds = {"strict"};
  settings.goes_on_receipt = [this](const std::string& endpoint) {
    return orders_.goes_on(endpoint);
  };
  settings.lane_of = [this](const std::string& source, const Message& message) {
    return lane_of_ ? lane_of_(source, message) : Lane::kLive;
  };
  auto store = open_sqlite_store(settings);
  if (!store) throw std::runtime_error(store.error().message);
  store_ = std::make_unique<FaultyStore>(std::move(store).value());
  memory_ = std::make_unique<MemoryStage>(*store_);
}

void EngineTest::reopen() {
  stop();
  engine_.reset();
  memory_.reset();
  store_->close();
  store_.reset();
  open();
}

EngineTest::~EngineTest() {
  stop();
  engine_.reset();
  store_->close();
  store_.reset();
  std::filesystem::remove_all(folder_);
}

EndpointConfig& EngineTest::endpoint(const std::string& name) {
  for (EndpointConfig& known : configuration_.endpoints) {
    if (known.name == name) return known;
  }
  EndpointConfig config;
  config.name = name;
  config.settle_time = std::chrono::milliseconds(30);
  config.timeout = std::chrono::milliseconds(10'000);
  // Tests of retries fail often in a row; those of the breaker set it.
  config.delivery.breaker.failures = 10'000;
  configuration_.endpoints.push_back(config);
  return configuration_.endpoints.back();
}

ScriptedSink& EngineTest::add_sink(const std::string& name) {
  endpoint(name);
  return endpoints_.sinks[name];
}

ScriptedProcessor& EngineTest::add_processor(const std::string& name) {
  endpoint(name);
  return endpoints_.processors[name];
}

RouteConfig& EngineTest::add_route(const std::string& name, const std::string& event_type,
                                   std::vector<Step> steps) {
  RouteConfig route;
  route.name = name;
  route.from = {"outbox"};
  if (!event_type.empty()) route.when.text = "header.event-type = '" + event_type + "'";
  route.steps = std::move(steps);
  route.incomplete_retry = std::chrono::milliseconds(10);
  configuration_.routes.push_back(std::move(route));
  return configuration_.routes.back();
}

Step EngineTest::process(const std::string& endpoint_name) {
  Step step;
  step.kind = StepKind::kProcess;
  step.name = endpoint_name;
  step.endpoint = endpoint_name;
  return step;
}

Step EngineTest::deliver(const std::string& endpoint_name, std::vector<std::string> after) {
  Step step;
  step.kind = StepKind::kDeliver;
  step.name = endpoint_name;
  step.endpoint = endpoint_name;
  step.after = std::move(after);
  RetryPolicy retry;
  retry.first = std::chrono::milliseconds(5);
  retry.most = std::chrono::milliseconds(20);
  retry.attempts = 5;
  step.retry = retry;
  return step;
}

void EngineTest::start() {
  auto routes = compile_routes(configuration_);
  ASSERT_TRUE(routes.ok()) << routes.error().message;
  lane_of_ = lane_chooser(routes.value());
  beside_ = BesideRoutes(routes.value());
  engine_ = std::make_unique<Engine>(services(), std::move(routes).value());
  engine_->start();
}

EngineServices EngineTest::services() {
  return {configuration_, *store_,  endpoints_,   *memory_, clock_,
          metrics_,       *logger_, &deliveries_, types_,   type_lanes_};
}

bool EngineTest::stop(std::chrono::milliseconds patience) {
  return !engine_ || engine_->stop(std::chrono::steady_clock::now() + patience);
}

Message EngineTest::event(const std::string& key, const std::string& type,
                          const std::string& case_no) {
  Message message;
  message.type = "registration.event";
  message.source_key = key;
  message.order_keys = {{"case", case_no}};
  message.headers["event-type"] = type;
  message.headers["case-no"] = case_no;
  message.media_type = "text/plain";
  message.body = content_of("row " + key);
  return message;
}

HostReceiver::HandOver EngineTest::hand_over() {
  return [this](std::vector<StoredMessage> ready) {
    if (engine_) engine_->hand_over(std::move(ready));
  };
}

Acceptance EngineTest::accept(Message message) {
  IntakeLimit limit(configuration_.intake, *store_, clock_, *logger_, metrics_);
  HostReceiver receiver("outbox", limit, *store_, hand_over(), metrics_, *logger_, clock_,
                        &deliveries_, beside_);
  return receiver.accept({std::move(message)}).front();
}

bool EngineTest::eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    never.wait_for(lock, kPoll);
  }
  // SQLite tells ThreadSanitizer nothing of who has seen what. The writer's figures do: what a
  // worker did before the commit that was waited for is over for this thread.
  static_cast<void>(store_->figures());
  return true;
}

StoredMessage EngineTest::message(const std::string& id) {
  auto found = store_->message(id);
  EXPECT_TRUE(found.ok()) << id;
  return found ? std::move(found).value() : StoredMessage{};
}

bool EngineTest::message_becomes(const std::string& id, MessageState state) {
  return eventually([&] {
    auto found = store_->message(id);
    return found && found.value().state == state;
  });
}

std::optional<StoredDelivery> EngineTest::delivery(const std::string& message_id,
                                                   const std::string& name) {
  auto found = store_->deliveries(message_id);
  if (!found) return std::nullopt;
  for (StoredDelivery& one : found.value()) {
    if (one.name == name) return one;
  }
  return std::nullopt;
}

bool EngineTest::delivery_becomes(const std::string& message_id, const std::string& name,
                                  DeliveryState state) {
  return eventually([&] {
    const auto found = delivery(message_id, name);
    return found && found->state == state;
  });
}

}  // namespace certbridge::host
