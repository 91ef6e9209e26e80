// A real engine with one route from "outbox" through given processors to one sink.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "load.h"

namespace certbridge::bench {

class PassingProcessor final : public Processor {
 public:
  Result<std::vector<Message>> process(const Message& message, const Call& call) override;
};

// Takes everything at once.
class TakingSink final : public Sink {
 public:
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;
};

// Never answers until it is stopped: what it was given waits.
class SilentSink final : public Sink {
 public:
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;
};

struct RouteStep {
  std::string name{};
  Processor* processor = nullptr;  // borrowed
  bool outside_effect = false;     // as in the plugin's manifest, like the next
  bool gives_verdict = false;
};

// The steps and the sink "library", both borrowed.
class RouteEndpoints final : public host::EndpointSet {
 public:
  RouteEndpoints(std::vector<RouteStep> steps, Sink& sink)
      : steps_(std::move(steps)), sink_(sink) {}
  const std::vector<RouteStep>& steps() const { return steps_; }

  Source* source(const std::string&) override { return nullptr; }
  Sink* sink(const std::string& name) override { return name == "library" ? &sink_ : nullptr; }
  Responder* responder(const std::string&) override { return nullptr; }
  Processor* processor(const std::string& name) override;
  std::vector<host::EndpointStatus> status() const override { return {}; }
  void start() override {}
  void stop_sources() override {}
  void stop() override {}
  void probe() override {}
  std::set<std::thread::id> watch() override { return {}; }

 private:
  std::vector<RouteStep> steps_;
  Sink& sink_;
};

// Runs from its construction to stop().
class Route {
 public:
  Route(Front& front, host::Store& store, RouteEndpoints& endpoints);
  // Ends the program when it does not come within ten minutes.
  void wait_until(host::DeliveryState state, std::uint64_t deliveries);
  void stop();

 private:
  host::Store& store_;
  host::Configuration configuration_{};
  host::MemoryStage memory_;
  std::unique_ptr<host::Engine> engine_{};
};

}  // namespace certbridge::bench
