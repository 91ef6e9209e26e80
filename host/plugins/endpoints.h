// The endpoints of one configuration generation, made and guarded, as the engine uses them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "certbridge/context.h"
#include "certbridge/delivery_order.h"
#include "config/model.h"

namespace certbridge::host {

enum class EndpointHealth : std::uint8_t { kUp = 1, kDown = 2 };
struct EndpointStatus {
  std::string name{};
  std::string plugin{};
  std::string kind{};
  std::string as{};  // source, sink, responder, processor
  EndpointHealth health = EndpointHealth::kUp;
  std::string reason{};                  // why it is down
  std::optional<DeliveryOrder> order{};  // that its sink asks for
  std::size_t hanging = 0;  // calls that are past their deadline and have not come back
};

// What the host offers every endpoint's Context; outlives the set.
struct HostServices {
  const Clock* clock = nullptr;
  const IssuerDirectory* issuers = nullptr;
  std::string environment{};
  // One for each endpoint, made by name.
  std::function<std::unique_ptr<Logger>(const std::string& endpoint)> logger{};
  std::function<std::unique_ptr<Metrics>(const std::string& endpoint)> metrics{};
  std::function<std::unique_ptr<Memory>(const std::string& endpoint)> memory{};
  std::function<Result<std::unique_ptr<ContentWriter>>()> spool{};
  const Facts* facts = nullptr;
  std::function<Result<std::string>(const std::string& name)> secret{};
  // Told of each sink that asks for an order, when it was made. May be empty; any thread.
  std::function<void(const std::string& endpoint, DeliveryOrder order)> order{};
};

// Every pointer handed out is guarded: an exception becomes the fault "plugin.threw", faults in a
// row mark the endpoint down (then calls answer the retryable "endpoint.down" until a probe
// succeeds), and none of them is null for an endpoint that the configuration declares as such,
// even when its library could not be loaded.
class EndpointSet {
 public:
  virtual ~EndpointSet() = default;
  virtual Source* source(const std::string& name) = 0;  // null: no source of that name
  virtual Sink* sink(const std::string& name) = 0;
  virtual Responder* responder(const std::string& name) = 0;
  virtual Processor* processor(const std::string& name) = 0;
  // Severity of a declared code is the manifest's; an undeclared code is a fault of the plugin.
  virtual std::vector<EndpointStatus> status() const = 0;
  // Starts components in order of lending. An endpoint that fails is down, the others go on.
  virtual void start() = 0;
  // Stops sources, then everything else, and destroys components; libraries stay mapped.
  virtual void stop_sources() = 0;
  virtual void stop() = 0;
  // Tries endpoints that are down and due (called about once a second). A probe may hang: another
  // thread may call meanwhile and probes the others.
  virtual void probe() = 0;
  // Reports calls that hang (called about once a second, never by a thread that may hang itself);
  // answers the threads that are in one.
  virtual std::set<std::thread::id> watch() = 0;
};

// Loads plugins and makes the endpoints. Never fails as a whole: what cannot be made is down with
// its verdict as reason.
std::unique_ptr<EndpointSet> make_endpoints(const Configuration& configuration,
                                            HostServices services);

}  // namespace certbridge::host
