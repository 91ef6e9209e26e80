// A set of endpoints over the zoo's folder, with a clock that only the test moves.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>

#include "certbridge/plugin.h"
#include "plugins/catalogue.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

class ManualClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(passed_.load()); }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(passed_.load());
  }
  void pass(std::chrono::milliseconds time) { passed_ = passed_.load() + time; }

 private:
  std::atomic<std::chrono::milliseconds> passed_{std::chrono::milliseconds(1'000'000)};
};

inline std::string zoo_folder() { return CERTBRIDGE_BUILD_DIR "/tests/zoo"; }

inline EndpointConfig endpoint_of(const std::string& name, const std::string& plugin,
                                  const std::string& kind) {
  EndpointConfig endpoint;
  endpoint.name = name;
  endpoint.plugin = plugin;
  endpoint.kind = kind;
  endpoint.faults_until_down = 3;
  return endpoint;
}

struct Zoo {
  explicit Zoo(std::vector<EndpointConfig> endpoints) {
    configuration.plugin_folder = zoo_folder();
    configuration.endpoints = std::move(endpoints);
  }
  void open() {
    HostServices services;
    services.clock = &clock;
    services.secret = [](const std::string& name) -> Result<std::string> {
      return "value of " + name;
    };
    services.order = [this](const std::string& name, DeliveryOrder order) { asked[name] = order; };
    set = make_endpoints(configuration, services);
    set->start();
  }
  EndpointStatus status(const std::string& name) const {
    for (const EndpointStatus& status : set->status()) {
      if (status.name == name) return status;
    }
    return {};
  }
  std::string reason(const std::string& name) const { return status(name).reason; }

  ManualClock clock{};
  Configuration configuration{};
  std::map<std::string, DeliveryOrder> asked{};  // by sinks, for their deliveries
  std::unique_ptr<EndpointSet> set{};
};

inline Message message_of(const std::string& type) {
  Message message;
  message.type = type;
  return message;
}

}  // namespace certbridge::host
