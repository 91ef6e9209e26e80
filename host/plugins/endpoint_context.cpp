#include "plugins/endpoint_context.h"

#include <algorithm>

#include "config/option_value.h"

namespace certbridge::host {
namespace {

Error no_journal() { return Error::fault("journal.failed", "no journal is open in this command"); }

class NoLogger final : public Logger {
 public:
  void log(LogLevel, std::string_view, const LogFields&) override {}
};
class NoMetrics final : public Metrics {
 public:
  void count(std::string_view, const MetricLabels&, double) override {}
  void gauge(std::string_view, const MetricLabels&, double) override {}
  void observe(std::string_view, const MetricLabels&, double) override {}
};
class NoMemory final : public Memory {
 public:
  Result<std::optional<std::string>> get(std::string_view, const OrderKey&,
                                         std::string_view) override {
    return no_journal();
  }
  Result<void> put(std::string_view, const OrderKey&, std::string_view, std::string_view) override {
    return no_journal();
  }
  Result<std::uint64_t> next(std::string_view, std::string_view) override { return no_journal(); }
  Result<void> flush(std::string_view) override { return no_journal(); }
};
class NoFacts final : public Facts {
 public:
  Result<std::uint64_t> count(const FactsQuery&) const override { return no_journal(); }
  Result<std::vector<DeliveryFact>> list(const FactsQuery&, std::size_t) const override {
    return no_journal();
  }
};

template <class Held, class Fallback, class Make>
std::unique_ptr<Held> made_or(const Make& make, const std::string& name) {
  std::unique_ptr<Held> made;
  if (make) made = make(name);
  if (made == nullptr) made = std::make_unique<Fallback>();
  return made;
}

}  // namespace

Result<std::string> EndpointConfigView::value(std::string_view name,
                                              std::initializer_list<OptionType> types) const {
  const OptionManifest* option = kind_ == nullptr ? nullptr : kind_->option(name);
  const std::string named = "the option `" + std::string(name) + "`";
  if (option == nullptr || std::find(types.begin(), types.end(), option->type) == types.end()) {
    return Error::fault("config.undeclared", named + " is not declared as that type in plugin.xml");
  }
  for (const OptionValue& given : endpoint_.options) {
    if (given.name == name) return given.value;
  }
  return Error::fault("config.missing", named + " is not given and has no default");
}

bool EndpointConfigView::has(std::string_view name) const {
  return std::any_of(endpoint_.options.begin(), endpoint_.options.end(),
                     [&](const OptionValue& given) { return given.name == name; });
}

Result<std::string> EndpointConfigView::text(std::string_view name) const {
  return value(name,
               {OptionType::kText, OptionType::kUrl, OptionType::kEnum, OptionType::kEndpoint});
}

Result<std::int64_t> EndpointConfigView::integer(std::string_view name) const {
  const Result<std::string> found = value(name, {OptionType::kInteger});
  if (!found) return found.error();
  return parse_integer(found.value()).value_or(0);
}

Result<bool> EndpointConfigView::boolean(std::string_view name) const {
  const Result<std::string> found = value(name, {OptionType::kBoolean});
  if (!found) return found.error();
  return found.value() == "true";
}

Result<std::chrono::milliseconds> EndpointConfigView::duration(std::string_view name) const {
  const Result<std::string> found = value(name, {OptionType::kDuration});
  if (!found) return found.error();
  return std::chrono::milliseconds(parse_integer(found.value()).value_or(0));
}

Result<std::uint64_t> EndpointConfigView::size(std::string_view name) const {
  const Result<std::string> found = value(name, {OptionType::kSize});
  if (!found) return found.error();
  return parse_size_bytes(found.value()).value_or(0);
}

Result<std::string> EndpointConfigView::file(std::string_view name) const {
  return value(name, {OptionType::kFile});
}

Result<std::string> EndpointConfigView::secret(std::string_view name) const {
  const Result<std::string> secret_name = value(name, {OptionType::kSecret});
  if (!secret_name) return secret_name.error();
  if (!secret_) return Error::fault("secret.unknown", "no secrets are at hand in this command");
  return secret_(secret_name.value());
}

EndpointContext::EndpointContext(const EndpointConfig& endpoint, const KindManifest* kind,
                                 const HostServices& services)
    : endpoint_(endpoint),
      services_(services),
      config_(endpoint, kind, services.secret),
      logger_(made_or<Logger, NoLogger>(services.logger, endpoint.name)),
      metrics_(made_or<Metrics, NoMetrics>(services.metrics, endpoint.name)),
      memory_(made_or<Memory, NoMemory>(services.memory, endpoint.name)),
      no_facts_(std::make_unique<NoFacts>()),
      facts_(services.facts == nullptr ? no_facts_.get() : services.facts),
      issuers_(services.issuers == nullptr ? &no_issuers_ : services.issuers) {}

Result<std::unique_ptr<ContentWriter>> EndpointContext::spool() {
  if (!services_.spool) return no_journal();
  return services_.spool();
}

Result<Sink*> EndpointContext::sink(std::string_view role) {
  const auto found = sinks_.find(role);
  if (found != sinks_.end()) return found->second;
  return Error::fault("context.no_such_role",
                      "no sink is lent for the role `" + std::string(role) + "`");
}

Result<Responder*> EndpointContext::responder(std::string_view role) {
  const auto found = responders_.find(role);
  if (found != responders_.end()) return found->second;
  return Error::fault("context.no_such_role",
                      "no responder is lent for the role `" + std::string(role) + "`");
}

}  // namespace certbridge::host
