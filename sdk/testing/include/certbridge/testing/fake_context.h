// A Context without a host, held to the plugin's own manifest: reading an option that plugin.xml
// does not declare fails the test.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "certbridge/testing/fakes.h"
#include "certbridge/testing/manifest.h"

namespace certbridge::testing {

using Options = std::map<std::string, std::string, std::less<>>;

// Options as config/certbridge.xml would give them, checked against one kind of the manifest.
class FakeConfig final : public Config {
 public:
  FakeConfig(const ManifestKind& kind, std::string folder, Options options);
  bool has(std::string_view name) const override;
  Result<std::string> text(std::string_view name) const override;
  Result<std::int64_t> integer(std::string_view name) const override;
  Result<bool> boolean(std::string_view name) const override;
  Result<std::chrono::milliseconds> duration(std::string_view name) const override;
  Result<std::uint64_t> size(std::string_view name) const override;
  // "plugin:name" stands for a file beside plugin.xml.
  Result<std::string> file(std::string_view name) const override;
  // "secret:name" is looked up in `secrets`; any other value is the secret itself.
  Result<std::string> secret(std::string_view name) const override;
  void set_secret(const std::string& name, const std::string& value);
  // Declared options that were neither read nor asked for.
  std::vector<std::string> unread() const;

 private:
  Result<std::string> value_of(std::string_view name,
                               std::initializer_list<std::string_view> types) const;
  ManifestKind kind_;
  std::string folder_;
  Options options_;
  Options secrets_{};
  mutable std::mutex mutex_{};
  mutable std::set<std::string, std::less<>> read_{};
};

class FakeContext final : public Context {
 public:
  // `manifest_path` names the plugin.xml, `kind` the `makes` of it. Options that the manifest does
  // not declare, a required one that is missing and an unknown kind fail the test.
  FakeContext(const std::string& manifest_path, std::string_view kind, Options options);

  const std::string& endpoint_name() const override { return endpoint_name_; }
  const std::string& environment() const override { return environment_; }
  const Config& config() const override { return config_; }
  RecordingLogger& logger() override { return logger_; }
  const FakeClock& clock() const override { return clock_; }
  RecordingMetrics& metrics() override { return metrics_; }
  FakeMemory& memory() override { return memory_; }
  const FakeFacts& facts() const override { return facts_; }
  const IssuerDirectory& issuers() const override { return issuers_; }
  Result<std::unique_ptr<ContentWriter>> spool() override;
  Result<Sink*> sink(std::string_view role) override;
  Result<Responder*> responder(std::string_view role) override;

  // For the test: what the host would have set up.
  FakeClock& mutable_clock() { return clock_; }
  FakeFacts& mutable_facts() { return facts_; }
  void set_endpoint_name(std::string name) { endpoint_name_ = std::move(name); }
  void set_environment(std::string environment) { environment_ = std::move(environment); }
  void set_issuers(IssuerDirectory issuers) { issuers_ = std::move(issuers); }
  void set_secret(const std::string& name, const std::string& value);
  // Borrowed: must outlive the context. The role must be declared by the kind.
  void lend(const std::string& role, Sink& sink);
  void lend(const std::string& role, Responder& responder);

  const Manifest& manifest() const { return manifest_; }
  // Fails the test when the code is not declared, or declared with another severity.
  void expect_declared(const Error& error) const;
  // Fails the test for each declared option that was never read. Call it once the component did
  // everything it can do.
  void expect_all_options_read() const;

 private:
  bool role_is_declared(std::string_view role) const;
  Manifest manifest_;
  ManifestKind kind_;
  FakeConfig config_;
  std::string endpoint_name_ = "under-test";
  std::string environment_ = "sandbox";
  RecordingLogger logger_{};
  FakeClock clock_{};
  RecordingMetrics metrics_{};
  FakeMemory memory_{};
  FakeFacts facts_{};
  IssuerDirectory issuers_{};
  std::map<std::string, Sink*, std::less<>> sinks_{};
  std::map<std::string, Responder*, std::less<>> responders_{};
};

}  // namespace certbridge::testing
