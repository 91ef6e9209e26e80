#include "plugins/endpoints.h"

#include <algorithm>
#include <map>
#include <set>

#include "plugins/catalogue.h"
#include "plugins/endpoint_instance.h"

namespace certbridge::host {
namespace {

class GuardedEndpoints final : public EndpointSet {
 public:
  GuardedEndpoints(const Configuration& configuration, HostServices services)
      : configuration_(configuration),
        services_(std::move(services)),
        catalogue_(scan_plugins(configuration_.plugin_folder)) {
    for (const EndpointConfig& endpoint : configuration_.endpoints) add(endpoint);
    for (auto& [name, endpoint] : endpoints_) lend(*endpoint);
    std::set<std::string> seen;
    for (const EndpointConfig& endpoint : configuration_.endpoints) order(endpoint.name, seen);
    for (EndpointInstance* endpoint : in_order_) endpoint->make();
  }
  ~GuardedEndpoints() override { stop(); }

  Source* source(const std::string& name) override {
    EndpointInstance* found = find(name);
    return found == nullptr ? nullptr : found->source();
  }
  Sink* sink(const std::string& name) override {
    EndpointInstance* found = find(name);
    return found == nullptr ? nullptr : found->sink();
  }
  Responder* responder(const std::string& name) override {
    EndpointInstance* found = find(name);
    return found == nullptr ? nullptr : found->responder();
  }
  Processor* processor(const std::string& name) override {
    EndpointInstance* found = find(name);
    return found == nullptr ? nullptr : found->processor();
  }

  std::vector<EndpointStatus> status() const override {
    std::vector<EndpointStatus> all;
    for (const EndpointConfig& endpoint : configuration_.endpoints) {
      all.push_back(endpoints_.at(endpoint.name)->status());
    }
    return all;
  }

  void start() override {
    for (EndpointInstance* endpoint : in_order_) endpoint->start();
  }
  void stop_sources() override {
    for (EndpointInstance* endpoint : in_order_) {
      if (endpoint->is_source()) endpoint->stop();
    }
  }
  void stop() override {
    stop_sources();
    for (auto at = in_order_.rbegin(); at != in_order_.rend(); ++at) (*at)->stop();
    for (auto at = in_order_.rbegin(); at != in_order_.rend(); ++at) (*at)->destroy();
  }
  void probe() override {
    for (EndpointInstance* endpoint : in_order_) endpoint->probe();
  }
  std::set<std::thread::id> watch() override {
    std::set<std::thread::id> threads;
    for (EndpointInstance* endpoint : in_order_) {
      endpoint->watch();
      endpoint->add_hanging_threads(threads);
    }
    return threads;
  }

 private:
  EndpointInstance* find(const std::string& name) const {
    const auto found = endpoints_.find(name);
    return found == endpoints_.end() ? nullptr : found->second.get();
  }

  PluginInstance& plugin(const std::string& name) {
    std::unique_ptr<PluginInstance>& plugin = plugins_[name];
    if (plugin != nullptr) return *plugin;
    std::string pinned;
    for (const PluginPin& pin : configuration_.pins) {
      if (pin.name == name) pinned = pin.sha256;
    }
    const CatalogueEntry* entry = catalogue_.entry(name);
    std::string verdict = entry == nullptr
                              ? "there is no plugin of that name in " + catalogue_.folder
                              : entry->verdict;
    const Manifest* manifest = entry != nullptr && entry->manifest ? &*entry->manifest : nullptr;
    plugin = std::make_unique<PluginInstance>(manifest, pinned, std::move(verdict));
    return *plugin;
  }

  // What the endpoint answers itself goes before what it passes on from those lent to it.
  void collect_codes(const std::string& name, std::set<std::string>& seen,
                     DeclaredCodes& codes) const {
    if (!seen.insert(name).second) return;
    for (const EndpointConfig& endpoint : configuration_.endpoints) {
      if (endpoint.name != name) continue;
      if (const CatalogueEntry* entry = catalogue_.entry(endpoint.plugin);
          entry && entry->manifest) {
        for (const ErrorManifest& error : entry->manifest->errors)
          codes.emplace(error.code, error.severity);
      }
      for (const LentEndpoint& lent : endpoint.lent) collect_codes(lent.endpoint, seen, codes);
    }
  }

  void add(const EndpointConfig& endpoint) {
    DeclaredCodes codes;
    std::set<std::string> seen;
    collect_codes(endpoint.name, seen, codes);
    endpoints_.emplace(endpoint.name,
                       std::make_unique<EndpointInstance>(endpoint, plugin(endpoint.plugin),
                                                          std::move(codes), services_));
  }

  void lend(EndpointInstance& endpoint) {
    for (const LentEndpoint& lent : endpoint.config().lent) {
      EndpointInstance* other = find(lent.endpoint);
      if (other == nullptr) continue;
      if (Sink* sink = other->sink()) endpoint.context().lend(lent.role, sink);
      if (Responder* responder = other->responder()) endpoint.context().lend(lent.role, responder);
    }
  }

  // Those lent go before those they are lent to.
  void order(const std::string& name, std::set<std::string>& seen) {
    EndpointInstance* endpoint = find(name);
    if (endpoint == nullptr || !seen.insert(name).second) return;
    for (const LentEndpoint& lent : endpoint->config().lent) order(lent.endpoint, seen);
    in_order_.push_back(endpoint);
  }

  const Configuration configuration_;
  const HostServices services_;
  const Catalogue catalogue_;
  std::map<std::string, std::unique_ptr<PluginInstance>> plugins_{};
  std::map<std::string, std::unique_ptr<EndpointInstance>> endpoints_{};
  std::vector<EndpointInstance*> in_order_{};
};

}  // namespace

std::unique_ptr<EndpointSet> make_endpoints(const Configuration& configuration,
                                            HostServices services) {
  return std::make_unique<GuardedEndpoints>(configuration, std::move(services));
}

}  // namespace certbridge::host
