#include "route.h"

#include <condition_variable>
#include <mutex>
#include <numeric>

namespace certbridge::bench {
namespace {

constexpr double kPatience = 600;

host::EndpointConfig endpoint(const std::string& name) {
  host::EndpointConfig config;
  config.name = name;
  config.timeout = std::chrono::hours(1);
  return config;
}

host::Configuration configuration_of(const RouteEndpoints& endpoints) {
  host::Configuration configuration;
  host::RouteConfig route;
  route.name = "issue";
  route.from = {"outbox"};
  for (const RouteStep& given : endpoints.steps()) {
    host::Step step;
    step.kind = host::StepKind::kProcess;
    step.name = given.name;
    step.endpoint = given.name;
    step.outside_effect = given.outside_effect;
    step.gives_verdict = given.gives_verdict;
    route.steps.push_back(step);
    configuration.endpoints.push_back(endpoint(given.name));
  }
  host::Step deliver;
  deliver.kind = host::StepKind::kDeliver;
  deliver.name = "library";
  deliver.endpoint = "library";
  route.steps.push_back(deliver);
  configuration.endpoints.push_back(endpoint("library"));
  configuration.routes.push_back(std::move(route));
  return configuration;
}

}  // namespace

Result<std::vector<Message>> PassingProcessor::process(const Message& message, const Call&) {
  return std::vector<Message>{message};
}

Result<Receipt> TakingSink::send(const Message& message, const Call&) {
  Receipt receipt;
  receipt.remote_id = "remote-" + message.id;
  return receipt;
}
Result<Confirmation> TakingSink::confirm(const Message&, const Call&) { return Confirmation{}; }

Result<Receipt> SilentSink::send(const Message&, const Call& call) {
  std::mutex mutex;
  std::condition_variable_any silence;
  std::unique_lock lock(mutex);
  silence.wait(lock, call.stop, [] { return false; });
  return Error::retryable("bench.stopped", "the benchmark is over");
}
Result<Confirmation> SilentSink::confirm(const Message&, const Call&) { return Confirmation{}; }

Processor* RouteEndpoints::processor(const std::string& name) {
  for (const RouteStep& step : steps_) {
    if (step.name == name) return step.processor;
  }
  return nullptr;
}

Route::Route(Front& front, host::Store& store, RouteEndpoints& endpoints)
    : store_(store), configuration_(configuration_of(endpoints)), memory_(store) {
  auto routes = host::compile_routes(configuration_);
  if (!routes) give_up(routes.error().message);
  const host::EngineServices services{configuration_, store,           endpoints,     memory_,
                                      front.clock(),  front.metrics(), front.logger()};
  engine_ = std::make_unique<host::Engine>(services, std::move(routes).value());
  engine_->start();
  front.hand_over_to(
      [this](std::vector<host::StoredMessage> ready) { engine_->hand_over(std::move(ready)); });
}

void Route::wait_until(host::DeliveryState state, std::uint64_t deliveries) {
  const double until = steady_seconds() + kPatience;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  for (;;) {
    const auto figures = store_.figures();
    std::uint64_t reached = 0;
    for (const auto& [name, counts] : figures.value().deliveries_by_endpoint_and_state) {
      reached += counts.at(static_cast<std::size_t>(state));
    }
    if (reached >= deliveries) return;
    if (steady_seconds() > until) {
      give_up("only " + std::to_string(reached) + " deliveries came through");
    }
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
}

void Route::stop() { engine_->stop(std::chrono::steady_clock::now() + std::chrono::seconds(60)); }

}  // namespace certbridge::bench
