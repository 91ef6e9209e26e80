#include <optional>
#include <set>

#include "access/callers/callers_file.h"
#include "access/policy/access_policy.h"
#include "catalogue/catalogue_files.h"
#include "config/checks.h"
#include "config/document.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

class QueriesChecker {
 public:
  QueriesChecker(const Configuration& configuration, const Catalogue& catalogue,
                 const Secrets* secrets, ConfigurationErrors& errors)
      : configuration_(configuration),
        queries_(configuration.queries),
        catalogue_(catalogue),
        secrets_(secrets),
        errors_(errors) {}

  void check() {
    check_front();
    check_policy();
    check_callers();
    check_guide();
    std::set<std::string> names;
    for (const QueryRouteConfig& route : queries_.routes) {
      if (!names.insert(route.name).second) {
        refuse(route.place, "query-route", "the name `" + route.name + "` is taken", {});
      }
      check_route(route);
    }
  }

 private:
  void refuse(const Place& place, const char* element, const std::string& reason,
              const std::string& suggestion) {
    errors_.push_back(error_at(place, element, reason, suggestion));
  }

  void check_front() {
    if (!configuration_.access.given) {
      refuse(
          queries_.place, "queries", "no access could be recorded, so nothing may be answered",
          "give <access>: where records are kept, their anchor and the key they are signed with");
    }
    if (queries_.certificate.empty() != queries_.key.empty()) {
      refuse(queries_.place, "queries", "`certificate` and `key` need each other", {});
    }
    if (!queries_.client_ca.empty() && queries_.certificate.empty()) {
      refuse(queries_.place, "queries", "`client-ca` needs `certificate` and `key`", {});
    }
    if (queries_.certificate.empty() && !is_loopback(queries_.listen)) {
      refuse(queries_.place, "queries",
             "what certificates say would travel unencrypted to `" + queries_.listen + "`",
             "give `certificate` and `key`, or an address of this machine only");
    }
    for (const std::string& file : {queries_.certificate, queries_.key, queries_.client_ca}) {
      if (file.empty()) continue;
      if (const auto read = read_file(file, kLargestPem); !read) {
        refuse(queries_.place, "queries", file + ": " + read.error().message, {});
      }
    }
  }

  // What is wrong in a file, where it says so.
  void refuse_file(const std::string& file, const Error& error) {
    errors_.push_back(error_from_text(file, error.message));
  }
  // Its text; none when it cannot be read, which is said at <queries>.
  std::optional<std::string> text_of(const std::string& file) {
    auto text = read_file(file, kLargestText);
    if (text) return std::move(text).value();
    refuse(queries_.place, "queries", file + ": " + text.error().message, {});
    return {};
  }

  void check_policy() {
    const auto text = text_of(queries_.policy_file);
    if (!text) return;
    const auto policy = AccessPolicy::parse(*text, queries_.policy_file);
    if (!policy) refuse_file(queries_.policy_file, policy.error());
  }

  void check_callers() {
    const auto text = text_of(queries_.callers_file);
    if (!text) return;
    const auto config = parse_callers(*text, queries_.callers_file);
    if (!config) return refuse_file(queries_.callers_file, config.error());
    if (secrets_ == nullptr) return;
    const SystemClock clock;
    const auto callers = make_callers(
        config.value(),
        [this](std::string_view name) { return secrets_->value(std::string(name)); }, clock);
    if (!callers) refuse(queries_.place, "queries", callers.error().message, {});
  }

  void check_guide() {
    if (queries_.used_types_folder.empty() != queries_.items_file.empty()) {
      refuse(queries_.place, "queries", "`used-types` and `items` need each other",
             "the guide says which types an item does not need on paper");
    }
    if (queries_.used_types_folder.empty() || queries_.items_file.empty()) return;
    const auto types = read_used_types(queries_.used_types_folder, errors_);
    if (types) read_items(queries_.items_file, *types, errors_);
  }

  void check_route(const QueryRouteConfig& route) {
    if (!route.case_endpoint.empty())
      check_responder(route.case_endpoint, route.case_place, "case");
    if (route.copy) {
      check_responder(route.copy->endpoint, route.copy->place, "copy");
      if (!route.answers.contains(QueryKind::kFile)) {
        refuse(route.copy->place, "copy", "the route answers no `file`, so nothing is copied", {});
      }
    }
    for (const QueryStep& step : route.steps) {
      for (const QuerySource& source : step.sources) {
        check_responder(source.endpoint, source.place, "ask");
      }
    }
  }

  void check_responder(const std::string& name, const Place& place, const char* element) {
    const EndpointConfig* endpoint = endpoint_named(configuration_, name);
    if (endpoint == nullptr) {
      return refuse(place, element, "unknown endpoint `" + name + "`",
                    did_you_mean(name, endpoint_names(configuration_)));
    }
    const KindManifest* kind = kind_of(*endpoint, catalogue_);
    if (kind == nullptr || kind->as == ComponentAs::kResponder) return;
    refuse(place, element, "the endpoint `" + name + "` is no responder: it cannot be asked", {});
  }

  static constexpr std::size_t kLargestPem = 1024UL * 1024;
  static constexpr std::size_t kLargestText = 1024UL * 1024;
  const Configuration& configuration_;
  const QueriesConfig& queries_;
  const Catalogue& catalogue_;
  const Secrets* secrets_;
  ConfigurationErrors& errors_;
};

}  // namespace

void check_queries(const Configuration& configuration, const Catalogue& catalogue,
                   const Secrets* secrets, ConfigurationErrors& errors) {
  if (configuration.queries.given) {
    QueriesChecker(configuration, catalogue, secrets, errors).check();
  }
}

}  // namespace certbridge::host
