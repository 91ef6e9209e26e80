// One configured endpoint with everything that belongs to it, from making to destruction.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "plugins/endpoint_context.h"
#include "plugins/guarded.h"
#include "plugins/library.h"

namespace certbridge::host {

// One library's plugin object, shared by the endpoints of one set. Any thread.
class PluginInstance {
 public:
  // `manifest` (may be null) outlives it. `verdict`: why it must not be opened; empty otherwise.
  PluginInstance(const Manifest* manifest, std::string pinned_sha256, std::string verdict)
      : manifest_(manifest), pinned_(std::move(pinned_sha256)), verdict_(std::move(verdict)) {}

  const Manifest* manifest() const { return manifest_; }
  // Opens the library at the first call; tries again only after "plugin.create".
  Result<Plugin*> plugin();

 private:
  const Manifest* manifest_;
  std::string pinned_;
  std::string verdict_;
  std::mutex mutex_{};  // guards what follows
  PluginPointer plugin_{};
  std::optional<Error> refused_{};
};

class EndpointInstance {
 public:
  // All arguments outlive it.
  EndpointInstance(const EndpointConfig& config, PluginInstance& plugin, DeclaredCodes codes,
                   const HostServices& services);
  EndpointInstance(const EndpointInstance&) = delete;
  EndpointInstance& operator=(const EndpointInstance&) = delete;

  // Null when the endpoint is known to be something else.
  Source* source() { return is(ComponentAs::kSource) ? &source_ : nullptr; }
  Sink* sink() { return is(ComponentAs::kSink) ? &sink_ : nullptr; }
  Responder* responder() { return is(ComponentAs::kResponder) ? &responder_ : nullptr; }
  Processor* processor() { return is(ComponentAs::kProcessor) ? &processor_ : nullptr; }

  const EndpointConfig& config() const { return config_; }
  EndpointContext& context() { return context_; }
  EndpointStatus status() const;
  bool is_source() const { return kind_ != nullptr && kind_->as == ComponentAs::kSource; }

  // Opens the library and makes the component; what fails takes the endpoint down.
  void make();
  void start();
  // When down and due: makes, starts or checks, and brings it up when that works.
  void probe();
  void stop();
  // Reports calls that hang; any thread, as status().
  void watch() { guard_.watch(); }
  void add_hanging_threads(std::set<std::thread::id>& threads) const {
    guard_.calls().add_threads(threads);
  }
  // After stop(); calls answer "endpoint.down" from then on.
  void destroy();

 private:
  // What is not known to be anything is down whatever is asked of it.
  bool is(ComponentAs as) const { return kind_ == nullptr || kind_->as == as; }
  Result<void> try_make();
  Result<void> make_component(Plugin& plugin);
  Result<void> try_start();
  Result<void> try_again();
  void stop_component();
  void ask_order();
  template <class Interface, class Guarded>
  Result<void> adopt(Result<std::unique_ptr<Interface>> made, Guarded& guarded);

  const EndpointConfig& config_;
  PluginInstance& plugin_;
  const KindManifest* kind_;
  const HostServices& services_;
  EndpointContext context_;
  EndpointGuard guard_;
  GuardedSource source_;
  GuardedSink sink_;
  GuardedResponder responder_;
  GuardedProcessor processor_;
  std::unique_ptr<Component> component_{};
  std::atomic<std::uint8_t> order_{0};  // a DeliveryOrder that the sink asks for; 0: none
  bool started_ = false;
  bool ended_ = false;  // stopped by its owner: no probe starts it again
  std::mutex probe_{};  // held while it is probed or stopped
};

}  // namespace certbridge::host
