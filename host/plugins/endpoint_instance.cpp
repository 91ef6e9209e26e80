#include "plugins/endpoint_instance.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kLongestProbe{5000};

GuardSettings guard_settings(const EndpointConfig& config, const KindManifest* kind,
                             DeclaredCodes codes) {
  const bool one = kind != nullptr && kind->threads == ComponentThreads::kOne;
  return {config.name,
          std::move(codes),
          config.faults_until_down,
          one,
          static_cast<std::size_t>(config.workers),
          config.timeout};
}

const KindManifest* kind_in(const Manifest* manifest, const std::string& kind) {
  return manifest == nullptr ? nullptr : manifest->kind(kind);
}

// A mismatch at the door cannot mend itself while this process runs.
bool is_for_good(const Error& error) {
  return error.code.starts_with("plugin.") && error.code != "plugin.create" &&
         error.code != "plugin.threw" && error.code != "plugin.undeclared_code";
}

}  // namespace

Result<Plugin*> PluginInstance::plugin() {
  const std::lock_guard lock(mutex_);
  if (plugin_ != nullptr) return plugin_.get();
  if (manifest_ == nullptr || !verdict_.empty()) return Error::fault("plugin.manifest", verdict_);
  if (refused_) return *refused_;
  Result<PluginPointer> opened = open_plugin(*manifest_, pinned_);
  if (opened) {
    plugin_ = std::move(opened).value();
    return plugin_.get();
  }
  if (opened.error().code != "plugin.create") refused_ = opened.error();
  return opened.error();
}

EndpointInstance::EndpointInstance(const EndpointConfig& config, PluginInstance& plugin,
                                   DeclaredCodes codes, const HostServices& services)
    : config_(config),
      plugin_(plugin),
      kind_(kind_in(plugin.manifest(), config.kind)),
      services_(services),
      context_(config, kind_, services),
      guard_(guard_settings(config, kind_, std::move(codes)), *services.clock, context_.logger(),
             context_.metrics()),
      source_(guard_),
      sink_(guard_),
      responder_(guard_),
      processor_(guard_) {}

EndpointStatus EndpointInstance::status() const {
  EndpointStatus status{
      config_.name,    config_.plugin,  config_.kind, kind_ == nullptr ? "" : to_text(kind_->as),
      guard_.health(), guard_.reason(), {},           guard_.calls().hanging()};
  if (const auto order = order_.load(); order != 0) status.order = DeliveryOrder{order};
  return status;
}

template <class Interface, class Guarded>
Result<void> EndpointInstance::adopt(Result<std::unique_ptr<Interface>> made, Guarded& guarded) {
  if (!made) return made.error();
  std::unique_ptr<Interface> component = std::move(made).value();
  if (component == nullptr) {
    return Error::fault("plugin.create", "the library made nothing and said no error");
  }
  guarded.point_to(component.get());
  component_ = std::move(component);
  return {};
}

Result<void> EndpointInstance::make_component(Plugin& plugin) {
  const std::string& kind = config_.kind;
  switch (kind_->as) {
    case ComponentAs::kSource:
      return adopt(plugin.make_source(kind, context_), source_);
    case ComponentAs::kSink:
      return adopt(plugin.make_sink(kind, context_), sink_);
    case ComponentAs::kResponder:
      return adopt(plugin.make_responder(kind, context_), responder_);
    case ComponentAs::kProcessor:
      return adopt(plugin.make_processor(kind, context_), processor_);
  }
  return Error::fault("plugin.no_such_kind", "the manifest says nothing known");
}

Result<void> EndpointInstance::try_make() {
  const Result<Plugin*> plugin = plugin_.plugin();
  if (!plugin) return plugin.error();
  if (kind_ == nullptr) return Error::fault("plugin.no_such_kind", "the manifest has no such kind");
  return guard_.judged<void>("making it", {}, [&] {
    Result<void> made = make_component(*plugin.value());
    if (made) ask_order();
    return made;
  });
}

// Its class is of the library that made it; what it may be besides is known by the SDK's type.
void EndpointInstance::ask_order() {
  const auto* orders = dynamic_cast<const OrdersDeliveries*>(component_.get());
  if (orders == nullptr) return;
  const DeliveryOrder order = orders->delivery_order();
  order_ = static_cast<std::uint8_t>(order);
  if (services_.order) services_.order(config_.name, order);
}

Result<void> EndpointInstance::try_start() {
  return guard_.judged<void>("start", {}, [&] { return component_->start(); });
}

void EndpointInstance::make() {
  const Result<void> made = try_make();
  if (!made) guard_.take_down(made.error().message, is_for_good(made.error()));
}

void EndpointInstance::start() {
  if (component_ == nullptr || started_) return;
  const Result<void> started = try_start();
  started_ = started.ok();
  if (!started) guard_.take_down(started.error().message, false);
}

// Whatever step failed is done again; a source that did not listen starts from the beginning.
Result<void> EndpointInstance::try_again() {
  if (component_ == nullptr) {
    if (Result<void> made = try_make(); !made) return made;
  }
  if (started_ && is_source()) stop_component();
  if (!started_) {
    Result<void> started = try_start();
    if (!started) return started;
    started_ = true;
    return is_source() ? source_.listen_again() : started;
  }
  Call call;
  call.trace_id = "probe/" + config_.name;
  call.step_key = call.trace_id;
  call.deadline = services_.clock->steady() + std::min(config_.timeout, kLongestProbe);
  return guard_.judged<void>("check", call.deadline, [&] { return component_->check(call); });
}

// One whose probe hangs is left to it: others are probed meanwhile.
void EndpointInstance::probe() {
  const std::unique_lock alone(probe_, std::try_to_lock);
  if (!alone.owns_lock() || ended_ || !guard_.probe_is_due()) return;
  const Result<void> result = try_again();
  if (result) return guard_.bring_up();
  guard_.postpone_probe();
}

void EndpointInstance::stop() {
  const std::lock_guard alone(probe_);
  ended_ = true;
  stop_component();
}

void EndpointInstance::stop_component() {
  if (component_ == nullptr || !started_) return;
  started_ = false;
  const Result<void> ignored = guard_.judged<void>("stop", {}, [&] {
    component_->stop();
    return Result<void>();
  });
  static_cast<void>(ignored);
}

void EndpointInstance::destroy() {
  source_.point_to(nullptr);
  sink_.point_to(nullptr);
  responder_.point_to(nullptr);
  processor_.point_to(nullptr);
  const Result<void> ignored = guard_.judged<void>("its destructor", {}, [&] {
    component_.reset();
    return Result<void>();
  });
  static_cast<void>(ignored);
}

}  // namespace certbridge::host
