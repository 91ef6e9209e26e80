// A real journal and a real engine between endpoints that a test scripts.
#pragma once

#include <gmock/gmock.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/lane_chooser.h"
#include "engine/order_rules.h"
#include "engine/receiver.h"
#include "faulty_store.h"
#include "observe/clock.h"
#include "observe/logging.h"

namespace certbridge::host {

// A sink whose answers a test gives; remembers what it was asked, in order.
class ScriptedSink final : public Sink {
 public:
  using Send = std::function<Result<Receipt>(const Message&, const Call&)>;
  using Confirm = std::function<Result<Confirmation>(const Message&, const Call&)>;
  Send on_send{};        // default: settled
  Confirm on_confirm{};  // default: absent

  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

  std::vector<std::string> sent() const;  // message ids, each attempt
  std::vector<Message> messages() const;
  std::vector<Call> calls() const;
  int confirmed() const;

 private:
  mutable std::mutex mutex_{};
  std::vector<Message> messages_{};
  std::vector<Call> calls_{};
  int confirmed_ = 0;
};

class ScriptedProcessor final : public Processor {
 public:
  std::function<Result<std::vector<Message>>(const Message&, const Call&)> on_process{};
  std::atomic<int> calls{0};
  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    ++calls;
    if (on_process) return on_process(message, call);
    return std::vector<Message>{message};
  }
};

class ScriptedResponder final : public Responder {
 public:
  std::function<Result<Message>(const Message&, const Call&)> on_answer{};
  Result<Message> answer(const Message& question, const Call& call) override {
    return on_answer(question, call);
  }
};

class ScriptedEndpoints final : public EndpointSet {
 public:
  std::map<std::string, ScriptedSink> sinks{};
  std::map<std::string, ScriptedProcessor> processors{};
  std::map<std::string, ScriptedResponder> responders{};

  Source* source(const std::string&) override { return nullptr; }
  Sink* sink(const std::string& name) override {
    return sinks.contains(name) ? &sinks[name] : nullptr;
  }
  Responder* responder(const std::string& name) override {
    return responders.contains(name) ? &responders[name] : nullptr;
  }
  Processor* processor(const std::string& name) override {
    return processors.contains(name) ? &processors[name] : nullptr;
  }
  std::vector<EndpointStatus> status() const override { return {}; }
  void start() override {}
  void stop_sources() override {}
  void stop() override {}
  void probe() override {}
  std::set<std::thread::id> watch() override { return {}; }
};

class EngineTest : public testing::Test {
 protected:
  EngineTest();
  ~EngineTest() override;

  // Adds endpoints to configuration and set; timings are short so that tests need not wait.
  ScriptedSink& add_sink(const std::string& name);
  ScriptedProcessor& add_processor(const std::string& name);
  EndpointConfig& endpoint(const std::string& name);
  // A route from "outbox" that takes `event_type`.
  RouteConfig& add_route(const std::string& name, const std::string& event_type,
                         std::vector<Step> steps);
  static Step process(const std::string& endpoint);
  static Step deliver(const std::string& endpoint, std::vector<std::string> after = {});

  void start();
  bool stop(std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
  // Stops, closes the journal and opens it again, as a restart does; start() goes on.
  void reopen();
  static Message event(const std::string& key, const std::string& type = "SHANZHENG",
                       const std::string& case_no = "C1");
  Acceptance accept(Message message);
  // All that was logged as an error so far.
  std::string logged();
  // To the engine, once it runs.
  HostReceiver::HandOver hand_over();

  // Waits for a condition on the journal, with a deadline; false when it did not come.
  bool eventually(const std::function<bool()>& condition);
  bool message_becomes(const std::string& id, MessageState state);
  bool delivery_becomes(const std::string& message_id, const std::string& name,
                        DeliveryState state);
  std::optional<StoredDelivery> delivery(const std::string& message_id, const std::string& name);
  StoredMessage message(const std::string& id);

  void open();
  EngineServices services();

  SystemClock clock_{};
  MetricsRegistry metrics_{};
  std::mutex log_mutex_{};
  std::string logged_{};
  LogOutput log_;
  std::unique_ptr<Logger> logger_;
  std::filesystem::path folder_;
  Configuration configuration_{};
  OrderRules orders_{configuration_};
  ScriptedEndpoints endpoints_{};
  std::atomic<std::uint64_t> deliveries_{0};
  std::function<Lane(const std::string&, const Message&)> lane_of_{};  // from start() on
  BesideRoutes beside_{};                                              // from start() on
  const TypeCatalogue* types_ = nullptr;  // from start() on, as is the next
  TypeLanes* type_lanes_ = nullptr;
  std::unique_ptr<FaultyStore> store_{};
  std::unique_ptr<MemoryStage> memory_{};
  std::unique_ptr<Engine> engine_{};
};

}  // namespace certbridge::host
