#include "query/attach.h"

#include "access/callers/callers_file.h"
#include "archive/archive_settings.h"
#include "catalogue/catalogue_files.h"
#include "certbridge/text.h"
#include "config/document.h"
#include "journal/cipher.h"
#include "objections/objection_watch.h"
#include "query/access_keeper.h"
#include "query/access_settings.h"
#include "query/archive_pusher.h"
#include "query/case_question.h"
#include "query/provisional_follower.h"
#include "query/query_front.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kWatchPeriod{1};
constexpr std::chrono::seconds kPushPeriod{5};
constexpr std::size_t kLargestFile = 1024UL * 1024;

std::vector<CalledEndpoint> called_endpoints(const EngineServices& services) {
  std::set<std::string> names;
  for (const QueryRouteConfig& route : services.configuration.queries.routes) {
    if (!route.case_endpoint.empty()) names.insert(route.case_endpoint);
    if (route.copy) names.insert(route.copy->endpoint);
    for (const QueryStep& step : route.steps) {
      for (const QuerySource& source : step.sources) names.insert(source.endpoint);
    }
  }
  std::vector<CalledEndpoint> endpoints;
  for (const std::string& name : names) {
    const EndpointConfig* config = find_endpoint(services.configuration, name);
    if (config == nullptr) continue;
    endpoints.push_back({name, services.endpoints.responder(name),
                         static_cast<std::size_t>(config->workers),
                         static_cast<std::size_t>(config->queue)});
  }
  return endpoints;
}

class Queries final : public Companion {
 public:
  Queries(const EngineServices& services, AccessLogSettings settings)
      : services_(services),
        settings_(std::move(settings)),
        keeper_(settings_, services.metrics, services.logger, kWatchPeriod),
        objections_(keeper_, keeper_, services.clock),
        objection_watch_(objections_, services.metrics, services.logger, kWatchPeriod) {}
  ~Queries() override {
    if (front_) front_->close();
    if (desk_) desk_->stop();
    if (front_) front_->stop();
    follower_.reset();
  }

  Result<void> open(const std::function<Result<std::string>(const std::string& name)>& secret) {
    const QueriesConfig& configuration = services_.configuration.queries;
    const auto text = read_file(configuration.policy_file, kLargestFile);
    if (!text) return text.error();
    auto policy = AccessPolicy::parse(text.value(), configuration.policy_file);
    if (!policy) return policy.error();
    policy_ = std::move(policy).value();
    if (auto opened = open_callers(secret); !opened) return opened;
    operators_ = std::make_unique<RecordedOperatorAccess>(*policy_, keeper_, services_.clock);
    if (auto opened = open_archive(secret); !opened) return opened;
    watch_ = std::make_unique<ProvisionalWatch>(
        keeper_, keeper_, *policy_,
        [this](const std::string& number) { return followed_case(number); }, services_.clock);
    follower_ =
        std::make_unique<ProvisionalFollower>(settings_, *watch_, kept_check(), services_.logger);
    QueryParts parts{configuration,
                     *policy_,
                     *callers_,
                     *patterns_,
                     *watch_,
                     keeper_,
                     keeper_,
                     objections_,
                     [this] { return services_.store.spool(); },
                     services_.clock,
                     services_.metrics,
                     services_.logger,
                     called_endpoints(services_),
                     services_.deliveries,
                     kept_.get(),
                     archive_ ? &*archive_ : nullptr};
    if (auto read = read_guide(parts); !read) return read;
    desk_ = std::make_unique<QueryDesk>(parts);
    auto front = open_query_front(configuration, *desk_);
    if (!front) return front.error();
    front_ = std::move(front).value();
    services_.metrics.gauge("query_listening_port", {}, front_->port());
    services_.logger.log(
        LogLevel::kInfo, "query.listening",
        {{"address", configuration.listen}, {"port", std::to_string(front_->port())}});
    return {};
  }

  AccessOfHost lent() { return {operators_.get(), &keeper_, &objections_}; }

 private:
  Result<void> open_archive(const SecretNamed& secret) {
    if (!services_.configuration.archive.given) return {};
    auto key = sealing_key(services_.configuration, secret);
    if (!key) return key.error();
    key_ = std::move(key).value();
    kept_ =
        std::make_unique<KeptUses>(kept_settings(services_.configuration, secret, services_.clock));
    archive_.emplace(CaseArchive{*kept_, *key_, services_.configuration.node});
    if (ArchivePusher::is_wanted(services_.configuration)) {
      pusher_ = std::make_unique<ArchivePusher>(services_, *archive_, keeper_, kPushPeriod);
    }
    return {};
  }
  // Before the front is open: what is in the log now is of earlier processes.
  std::unique_ptr<KeptCheck> kept_check() {
    if (!kept_) return nullptr;
    return std::make_unique<KeptCheck>(*kept_, services_.logger, keeper_.last_number());
  }

  // What was kept under the number belongs to the case that it became.
  Result<CaseFacts> followed_case(const std::string& number) {
    auto facts = ask_case(number);
    if (!facts || !kept_ || !facts.value().known || facts.value().provisional) return facts;
    if (auto joined = kept_->join(number, facts.value().case_no); !joined) return joined.error();
    return facts;
  }

  // On the watch's own thread.
  Result<CaseFacts> ask_case(const std::string& number) {
    for (const QueryRouteConfig& route : services_.configuration.queries.routes) {
      if (route.case_endpoint.empty()) continue;
      Responder* responder = services_.endpoints.responder(route.case_endpoint);
      if (responder == nullptr) continue;
      Call call;
      call.trace_id = to_hex_text(random_bytes(8));
      call.step_key = call.trace_id + "/" + route.case_endpoint;
      call.deadline = std::chrono::steady_clock::now() + route.case_timeout;
      return case_facts_in(responder->answer(case_question(number, true).message, call));
    }
    return Error::retryable("query.no_case_responder", "no route says who knows cases");
  }

  Result<void> read_guide(QueryParts& parts) {
    const QueriesConfig& configuration = services_.configuration.queries;
    parts.down = [this] { return endpoints_down(); };
    if (configuration.items_file.empty()) return {};
    ConfigurationErrors errors;
    auto types = read_used_types(configuration.used_types_folder, errors);
    auto items = types ? read_items(configuration.items_file, *types, errors) : std::nullopt;
    if (!items) return Error::fault("query.guide", to_text(errors.front()));
    parts.used_types = std::move(*types);
    parts.items = std::move(*items);
    return {};
  }

  std::set<std::string> endpoints_down() const {
    std::set<std::string> names;
    for (const EndpointStatus& status : services_.endpoints.status()) {
      if (status.health == EndpointHealth::kDown) names.insert(status.name);
    }
    return names;
  }

  Result<void> open_callers(
      const std::function<Result<std::string>(const std::string& name)>& secret) {
    const std::string& file = services_.configuration.queries.callers_file;
    const auto text = read_file(file, kLargestFile);
    if (!text) return text.error();
    const auto config = parse_callers(text.value(), file);
    if (!config) return config.error();
    auto callers = make_callers(
        config.value(), [&secret](std::string_view name) { return secret(std::string(name)); },
        services_.clock);
    if (!callers) return callers.error();
    callers_ = std::move(callers).value();
    PatternSettings settings = pattern_settings(*policy_);
    add_limits(config.value(), settings);
    patterns_ = std::make_unique<AccessPatterns>(settings, services_.clock);
    return {};
  }

  EngineServices services_;
  AccessLogSettings settings_;
  AccessKeeper keeper_;
  Objections objections_;
  ObjectionWatch objection_watch_;
  std::shared_ptr<const AccessPolicy> policy_{};
  std::unique_ptr<OperatorAccess> operators_{};
  std::unique_ptr<ProvisionalWatch> watch_{};
  std::unique_ptr<ProvisionalFollower> follower_{};
  std::unique_ptr<Callers> callers_{};
  std::unique_ptr<AccessPatterns> patterns_{};
  std::unique_ptr<KeptUses> kept_{};  // null, as the next two are empty, without <archive>
  std::optional<SignatureKey> key_{};
  std::optional<CaseArchive> archive_{};
  std::unique_ptr<ArchivePusher> pusher_{};  // null: no route takes packages
  std::unique_ptr<QueryDesk> desk_{};
  std::unique_ptr<QueryFront> front_{};
};

}  // namespace

Result<std::unique_ptr<Companion>> attach_queries(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret,
    AccessOfHost& access) {
  if (!services.configuration.access.given) return std::unique_ptr<Companion>();
  auto queries = std::make_unique<Queries>(
      services, access_settings(services.configuration, secret, services.clock));
  if (services.configuration.queries.given) {
    if (auto opened = queries->open(secret); !opened) return opened.error();
  }
  access = queries->lent();
  return std::unique_ptr<Companion>(std::move(queries));
}

}  // namespace certbridge::host
