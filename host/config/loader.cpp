#include "config/loader.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "certbridge/content.h"
#include "config/checks.h"
#include "config/configuration_reader.h"
#include "config/document.h"
#include "config/life_policy.h"
#include "config/named_endpoints.h"
#include "config/query_route_reader.h"
#include "config/route_reader.h"
#include "config/upward_reader.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostRoutes = 256;
constexpr std::size_t kLargestFile = 1024UL * 1024;
constexpr const char* kNameIt = "--config FILE names the configuration";

std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

class Loader {
 public:
  explicit Loader(const LoadRequest& request) : request_(request) {}

  LoadedConfiguration load() {
    const auto root = read_document(request_.file, SchemaName::kConfiguration, errors());
    if (!root) {
      std::error_code problem;
      const bool absent = !std::filesystem::exists(request_.file, problem) && !problem;
      if (absent) errors().front().suggestion = kNameIt;
      loaded_.catalogue = scan_plugins(request_.plugin_folder);
      return std::move(loaded_);
    }
    configuration() = read_configuration(*root, request_.file, places_, errors());
    if (configuration().plugin_folder.empty())
      configuration().plugin_folder = request_.plugin_folder;
    loaded_.catalogue = scan_plugins(configuration().plugin_folder);
    read_routes();
    read_query_routes();
    read_issuers();
    read_life();
    if (errors().empty()) check_meaning();
    make_absolute();
    return std::move(loaded_);
  }

 private:
  Configuration& configuration() { return loaded_.configuration; }
  ConfigurationErrors& errors() { return loaded_.errors; }
  void refuse(const Place& place, const char* element, const std::string& reason) {
    errors().push_back(error_at(place, element, reason));
  }

  std::string folder() const {
    return absolute(std::filesystem::path(absolute(request_.file)).parent_path().string());
  }

  // The XML files of a folder of routes, in order of their names.
  std::vector<std::string> route_files(const std::string& in, const Place& place,
                                       const char* element) {
    std::error_code problem;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator at(in, problem), end; !problem && at != end;
         at.increment(problem)) {
      if (at->path().extension() == ".xml") files.push_back(at->path().string());
    }
    if (problem) {
      refuse(place, element, "the folder " + in + ": " + why_unread(problem));
      return {};
    }
    if (files.empty()) refuse(place, element, "the folder " + in + " holds no route (*.xml)");
    if (files.size() > kMostRoutes) {
      refuse(place, element, "the folder holds more than 256 routes");
      return {};
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  void read_routes() {
    for (const std::string& file : route_files(places_.routes_folder, places_.routes, "routes")) {
      const auto root = read_document(file, SchemaName::kRoute, errors());
      if (root) configuration().routes.push_back(read_route(*root, file, folder()));
    }
  }

  void read_query_routes() {
    QueriesConfig& queries = configuration().queries;
    if (!queries.given) return;
    for (const std::string& file : route_files(queries.routes_folder, queries.place, "queries")) {
      const auto root = read_document(file, SchemaName::kQueryRoute, errors());
      if (root) queries.routes.push_back(read_query_route(*root, file));
    }
  }

  void read_issuers() {
    const Result<std::string> bytes = read_file(places_.issuers_file, kLargestFile);
    if (!bytes) {
      return refuse(places_.issuers, "issuers",
                    places_.issuers_file + ": " + bytes.error().message);
    }
    if (!check_document(bytes.value(), places_.issuers_file, SchemaName::kIssuers, errors()))
      return;
    Result<IssuerDirectory> issuers = parse_issuers(bytes.value(), places_.issuers_file);
    if (!issuers) {
      errors().push_back(error_from_text(places_.issuers_file, issuers.error().message));
      return;
    }
    configuration().issuers = std::move(issuers).value();
    issuers_text_ = bytes.value();
  }

  void read_life() {
    if (places_.life_file.empty()) return;
    const Result<std::string> bytes = read_file(places_.life_file, kLargestFile);
    if (!bytes) {
      return refuse(places_.life, "life", places_.life_file + ": " + bytes.error().message);
    }
    const auto root = check_document(bytes.value(), places_.life_file, SchemaName::kLife, errors());
    if (root) configuration().life = read_life_policy(*root, places_.life_file, errors());
  }

  void check_meaning() {
    const bool secrets = read_secrets();
    apply_overrides();
    apply_upward(configuration(), errors());
    check_plugin_folder();
    check_operate(configuration(), secrets ? &loaded_.secrets : nullptr, errors());
    check_access(configuration(), places_.access, secrets ? &loaded_.secrets : nullptr, errors());
    check_archive(configuration(), secrets ? &loaded_.secrets : nullptr, errors());
    check_issuers();
    if (loaded_.catalogue.problem.empty()) {
      check_endpoints(configuration(), loaded_.catalogue, secrets ? &loaded_.secrets : nullptr,
                      errors());
      check_routes(configuration(), loaded_.catalogue, errors());
      check_queries(configuration(), loaded_.catalogue, secrets ? &loaded_.secrets : nullptr,
                    errors());
      check_reconcile(configuration(), loaded_.catalogue, errors());
      check_catalogue(configuration(), loaded_.catalogue, errors());
    }
    if (errors().empty()) warn();
    sort_errors();
  }

  // By place; files in the order in which they were first complained of.
  void sort_errors() {
    std::map<std::string, std::size_t> ranks;
    for (const ConfigurationError& error : errors()) ranks.emplace(error.file, ranks.size());
    std::stable_sort(errors().begin(), errors().end(),
                     [&](const ConfigurationError& left, const ConfigurationError& right) {
                       return std::tuple(ranks[left.file], left.line, left.column) <
                              std::tuple(ranks[right.file], right.line, right.column);
                     });
  }

  bool read_secrets() {
    Result<Secrets> secrets = open_secrets(configuration().secrets_file);
    if (!secrets) {
      refuse(places_.secrets, "secrets", secrets.error().message);
      return false;
    }
    loaded_.secrets = std::move(secrets).value();
    check_master_key();
    return true;
  }

  void check_master_key() {
    const std::string& name = configuration().master_key_secret;
    const Result<std::string> key = loaded_.secrets.value(name);
    if (!key) {
      errors().push_back(error_at(places_.master_key, "master-key", key.error().message,
                                  did_you_mean(name, loaded_.secrets.names())));
    } else if (!parse_sm3_digest(key.value())) {
      refuse(places_.master_key, "master-key",
             "the secret `" + name +
                 "` is no key: 64 hexadecimal characters, as `openssl rand -hex 32` writes them");
    }
  }

  void apply_overrides() {
    for (const OptionOverride& given : request_.overrides) {
      const Place place{"--set " + given.endpoint + "." + given.option, 0, 0};
      auto& endpoints = configuration().endpoints;
      const auto endpoint =
          std::find_if(endpoints.begin(), endpoints.end(),
                       [&](const auto& candidate) { return candidate.name == given.endpoint; });
      if (endpoint == endpoints.end()) {
        errors().push_back(error_at(place, "", "unknown endpoint `" + given.endpoint + "`",
                                    did_you_mean(given.endpoint, endpoint_names(configuration()))));
        continue;
      }
      std::erase_if(endpoint->options,
                    [&](const OptionValue& value) { return value.name == given.option; });
      endpoint->options.push_back({given.option, given.value, place});
    }
  }

  void check_plugin_folder() {
    const Catalogue& catalogue = loaded_.catalogue;
    if (!catalogue.problem.empty()) {
      return refuse(places_.plugins, "plugins",
                    "the plugin folder " + catalogue.folder + " cannot be read");
    }
    std::set<std::string> pinned;
    for (const PluginPin& pin : configuration().pins) {
      if (!pinned.insert(pin.name).second)
        refuse(pin.place, "pin", "the plugin `" + pin.name + "` is pinned twice");
      if (catalogue.entry(pin.name) != nullptr) continue;
      errors().push_back(error_at(pin.place, "pin", "unknown plugin `" + pin.name + "`",
                                  did_you_mean(pin.name, catalogue.names())));
    }
  }

  // The directory keeps no positions: the element is found again by its code.
  Place issuer_place(const std::string& code) const {
    const Result<XmlElement> root = parse_xml(issuers_text_, places_.issuers_file, XmlLimits{});
    if (root) {
      for (const XmlElement& element : root.value().children) {
        if (element.attribute_or_empty("code") == code)
          return place_of(places_.issuers_file, element);
      }
    }
    return {places_.issuers_file, 0, 0};
  }

  void check_issuers() {
    for (const Issuer& issuer : configuration().issuers.all()) {
      if (issuer.environment == configuration().environment) continue;
      refuse(issuer_place(issuer.code), "issuer",
             "the issuer `" + issuer.name + "` is of environment " + issuer.environment +
                 ", the host of " + configuration().environment + ": they must not be mixed");
    }
  }

  void warn() {
    warn_of_unused();
    const AccessConfig& access = configuration().access;
    const auto second = std::filesystem::path(access.anchor_folder).parent_path();
    std::error_code problem;
    if (!access.given || std::filesystem::is_directory(second, problem)) return;
    configuration().warnings.push_back(
        "the folder " + absolute(second.string()) +
        ", the second place of access records, is not there: make or mount it");
  }

  void warn_of_unused() {
    const std::set<std::string> used = named_endpoints(configuration());
    for (const EndpointConfig& endpoint : configuration().endpoints) {
      const KindManifest* kind = kind_of(endpoint, loaded_.catalogue);
      // The command line asks responders that no route names, as the verifier.
      if (used.contains(endpoint.name) || kind == nullptr || kind->as == ComponentAs::kResponder)
        continue;
      configuration().warnings.push_back("endpoint `" + endpoint.name +
                                         "` is used by no route and lent to no endpoint");
    }
  }

  void make_absolute() {
    configuration().data_folder = absolute(configuration().data_folder);
    configuration().operate.socket = absolute(configuration().operate.socket);
    configuration().access.folder = absolute(configuration().access.folder);
    configuration().access.anchor_folder = absolute(configuration().access.anchor_folder);
    configuration().archive.folder = absolute(configuration().archive.folder);
    configuration().catalogue.types_folder = absolute(configuration().catalogue.types_folder);
    configuration().catalogue.templates_folder =
        absolute(configuration().catalogue.templates_folder);
    QueriesConfig& queries = configuration().queries;
    for (std::string* file :
         {&queries.policy_file, &queries.callers_file, &queries.certificate, &queries.key,
          &queries.client_ca, &queries.used_types_folder, &queries.items_file}) {
      *file = absolute(*file);
    }
    configuration().plugin_folder = absolute(configuration().plugin_folder);
    configuration().secrets_file = absolute(configuration().secrets_file);
  }

  const LoadRequest& request_;
  LoadedConfiguration loaded_{};
  ConfigurationPlaces places_{};
  std::string issuers_text_{};
};

}  // namespace

LoadedConfiguration load_configuration(const LoadRequest& request) {
  return Loader(request).load();
}

std::string plugin_folder_of(const LoadRequest& request) {
  ConfigurationErrors ignored;
  const auto root = read_document(request.file, SchemaName::kConfiguration, ignored);
  if (!root) return request.plugin_folder;
  ConfigurationPlaces places;
  const Configuration configuration = read_configuration(*root, request.file, places, ignored);
  return configuration.plugin_folder.empty() ? request.plugin_folder : configuration.plugin_folder;
}

}  // namespace certbridge::host
