// All that a component may ask of the host. Only the outer class of a component keeps a Context;
// what does the work takes plain values. Everything here lives as long as the component, and any
// thread may call it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/endpoint.h"
#include "certbridge/issuer.h"

namespace certbridge {

// The endpoint's options, validated against the manifest and completed with its defaults before
// the component is made. Asking for an option that the manifest does not declare is a programming
// error, answered with "config.undeclared".
class Config {
 public:
  virtual ~Config();
  virtual bool has(std::string_view name) const = 0;                  // given, or has a default
  virtual Result<std::string> text(std::string_view name) const = 0;  // url, enum, text as well
  virtual Result<std::int64_t> integer(std::string_view name) const = 0;
  virtual Result<bool> boolean(std::string_view name) const = 0;
  virtual Result<std::chrono::milliseconds> duration(std::string_view name) const = 0;
  virtual Result<std::uint64_t> size(std::string_view name) const = 0;  // bytes
  virtual Result<std::string> file(std::string_view name) const = 0;    // absolute path, exists
  // The value of the secret that the option names.
  virtual Result<std::string> secret(std::string_view name) const = 0;
};

enum class LogLevel : std::uint8_t { kDebug = 1, kInfo = 2, kWarning = 3, kError = 4 };
using LogFields = std::vector<std::pair<std::string, std::string>>;

// Structured log. `event` is a dotted constant ("http.connected"); fields never hold personal data
// or secrets. The host adds time, endpoint and, inside a call, trace id.
class Logger {
 public:
  virtual ~Logger();
  virtual void log(LogLevel level, std::string_view event, const LogFields& fields) = 0;
};

class Clock {
 public:
  virtual ~Clock();
  virtual Timestamp now() const = 0;  // wall clock, UTC
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Names are snake_case without prefix; the host adds "certbridge_" and the endpoint's label.
class Metrics {
 public:
  virtual ~Metrics();
  virtual void count(std::string_view name, const MetricLabels& labels, double amount) = 0;
  virtual void gauge(std::string_view name, const MetricLabels& labels, double value) = 0;
  virtual void observe(std::string_view name, const MetricLabels& labels, double value) = 0;
};

// Durable values of one endpoint, kept in the journal. An empty order key means the endpoint as a
// whole. `step_key` is the call's: what is put under it is seen by later calls under the same step
// key at once and by others only once it is committed, together with the state of that attempt.
class Memory {
 public:
  virtual ~Memory();
  virtual Result<std::optional<std::string>> get(std::string_view step_key, const OrderKey& key,
                                                 std::string_view name) = 0;
  virtual Result<void> put(std::string_view step_key, const OrderKey& key, std::string_view name,
                           std::string_view value) = 0;
  // The next number of a gapless counter that starts at 1. The same step key gets the same number
  // again, also after a restart, once it was committed.
  virtual Result<std::uint64_t> next(std::string_view step_key, std::string_view counter) = 0;
  // Makes all that was put under the step key durable before it returns: for what must be known
  // after a crash before the first byte of a send leaves.
  virtual Result<void> flush(std::string_view step_key) = 0;
};

// Which deliveries a Facts question is about; empty members do not narrow it.
struct FactsQuery {
  std::string endpoint{};
  std::optional<OrderKey> order_key{};
  std::string area{};
  std::string type{};  // message type
  std::optional<Timestamp> accepted_from{};
  std::optional<Timestamp> accepted_before{};
};
struct DeliveryFact {
  std::string message_id{};
  std::string endpoint{};
  std::string type{};
  std::string state{};
  std::string remote_id{};
  Headers headers{};  // of the delivered message
};

// Read-only knowledge of deliveries, from a committed snapshot.
class Facts {
 public:
  virtual ~Facts();
  virtual Result<std::uint64_t> count(const FactsQuery& query) const = 0;
  // At most `limit`, in order of acceptance.
  virtual Result<std::vector<DeliveryFact>> list(const FactsQuery& query,
                                                 std::size_t limit) const = 0;
};

class Context {
 public:
  virtual ~Context();
  virtual const std::string& endpoint_name() const = 0;
  virtual const std::string& environment() const = 0;  // "sandbox", "acceptance", "production"
  virtual const Config& config() const = 0;
  virtual Logger& logger() = 0;
  virtual const Clock& clock() const = 0;
  virtual Metrics& metrics() = 0;
  virtual Memory& memory() = 0;
  virtual const Facts& facts() const = 0;
  virtual const IssuerDirectory& issuers() const = 0;
  virtual Result<std::unique_ptr<ContentWriter>> spool() = 0;
  // Endpoints lent by role as plugin.xml declares; they outlive the component. Fails with
  // "context.no_such_role".
  virtual Result<Sink*> sink(std::string_view role) = 0;
  virtual Result<Responder*> responder(std::string_view role) = 0;
};

}  // namespace certbridge
