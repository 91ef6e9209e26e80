// What one component may ask of the host.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "certbridge/context.h"
#include "plugins/endpoints.h"
#include "plugins/manifest.h"

namespace certbridge::host {

// The options of one endpoint behind the types that its manifest declares.
class EndpointConfigView final : public Config {
 public:
  // `endpoint` holds normalised values; it and `kind` (may be null) outlive the view.
  EndpointConfigView(const EndpointConfig& endpoint, const KindManifest* kind,
                     std::function<Result<std::string>(const std::string& name)> secret)
      : endpoint_(endpoint), kind_(kind), secret_(std::move(secret)) {}

  bool has(std::string_view name) const override;
  Result<std::string> text(std::string_view name) const override;
  Result<std::int64_t> integer(std::string_view name) const override;
  Result<bool> boolean(std::string_view name) const override;
  Result<std::chrono::milliseconds> duration(std::string_view name) const override;
  Result<std::uint64_t> size(std::string_view name) const override;
  Result<std::string> file(std::string_view name) const override;
  Result<std::string> secret(std::string_view name) const override;

 private:
  Result<std::string> value(std::string_view name, std::initializer_list<OptionType> types) const;

  const EndpointConfig& endpoint_;
  const KindManifest* kind_;
  std::function<Result<std::string>(const std::string& name)> secret_;
};

class EndpointContext final : public Context {
 public:
  // `services` outlives the context. What services do not offer answers with errors.
  EndpointContext(const EndpointConfig& endpoint, const KindManifest* kind,
                  const HostServices& services);

  // Before the component is made.
  void lend(const std::string& role, Sink* sink) { sinks_[role] = sink; }
  void lend(const std::string& role, Responder* responder) { responders_[role] = responder; }

  const std::string& endpoint_name() const override { return endpoint_.name; }
  const std::string& environment() const override { return services_.environment; }
  const Config& config() const override { return config_; }
  Logger& logger() override { return *logger_; }
  const Clock& clock() const override { return *services_.clock; }
  Metrics& metrics() override { return *metrics_; }
  Memory& memory() override { return *memory_; }
  const Facts& facts() const override { return *facts_; }
  const IssuerDirectory& issuers() const override { return *issuers_; }
  Result<std::unique_ptr<ContentWriter>> spool() override;
  Result<Sink*> sink(std::string_view role) override;
  Result<Responder*> responder(std::string_view role) override;

 private:
  const EndpointConfig& endpoint_;
  const HostServices& services_;
  EndpointConfigView config_;
  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Facts> no_facts_;
  const Facts* facts_;
  IssuerDirectory no_issuers_{};
  const IssuerDirectory* issuers_;
  std::map<std::string, Sink*, std::less<>> sinks_{};
  std::map<std::string, Responder*, std::less<>> responders_{};
};

}  // namespace certbridge::host
