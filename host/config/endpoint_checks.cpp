#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "config/checks.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

class EndpointChecker {
 public:
  EndpointChecker(Configuration& configuration, const Catalogue& catalogue, const Secrets* secrets,
                  ConfigurationErrors& errors)
      : configuration_(configuration), catalogue_(catalogue), secrets_(secrets), errors_(errors) {}

  void check() {
    std::set<std::string> names;
    for (EndpointConfig& endpoint : configuration_.endpoints) {
      if (!names.insert(endpoint.name).second) {
        refuse(endpoint.place, "endpoint",
               "the name `" + endpoint.name + "` is taken by an earlier endpoint");
      }
      check_one(endpoint);
    }
    check_lending_ends();
  }

 private:
  void refuse(const Place& place, const char* element, const std::string& reason,
              const std::string& suggestion = {}) {
    errors_.push_back(error_at(place, element, reason, suggestion));
  }

  void check_one(EndpointConfig& endpoint) {
    const Manifest* manifest = catalogue_.find(endpoint.plugin);
    if (manifest == nullptr) return refuse_plugin(endpoint);
    const KindManifest* kind = manifest->kind(endpoint.kind);
    if (kind == nullptr) return refuse_kind(endpoint, *manifest);
    check_options(endpoint, *manifest, *kind);
    check_lent(endpoint, *kind);
    check_environment(endpoint, *kind);
    check_unknown(endpoint, *kind);
    check_delivery(endpoint, *kind);
    endpoint.repairable = kind->repairable;
    for (const ErrorManifest& error : manifest->errors) {
      if (error.taken_nothing) endpoint.refusals.insert(error.code);
    }
  }

  void refuse_plugin(const EndpointConfig& endpoint) {
    const CatalogueEntry* entry = catalogue_.entry(endpoint.plugin);
    if (entry != nullptr) {
      return refuse(endpoint.place, "endpoint",
                    "the plugin `" + endpoint.plugin + "` cannot be used: " + entry->verdict);
    }
    refuse(endpoint.place, "endpoint", "unknown plugin `" + endpoint.plugin + "`",
           did_you_mean(endpoint.plugin, catalogue_.names()));
  }

  void refuse_kind(const EndpointConfig& endpoint, const Manifest& manifest) {
    std::vector<std::string> kinds;
    for (const KindManifest& kind : manifest.makes) kinds.push_back(kind.kind);
    const std::string near = did_you_mean(endpoint.kind, kinds);
    refuse(endpoint.place, "endpoint",
           "the plugin `" + endpoint.plugin + "` makes no `" + endpoint.kind + "`",
           near.empty() ? "it makes " + listed(kinds) : near);
  }

  void check_options(EndpointConfig& endpoint, const Manifest& manifest, const KindManifest& kind) {
    const OptionFolders folders{configuration_folder(), manifest.folder};
    std::set<std::string> given;
    for (OptionValue& value : endpoint.options) {
      const OptionManifest* option = kind.option(value.name);
      if (option == nullptr) {
        refuse_option(value, kind);
      } else if (!given.insert(value.name).second) {
        refuse(value.place, "option", "the option `" + value.name + "` is given twice");
      } else {
        normalise(value, *option, folders);
      }
    }
    for (const OptionManifest& option : kind.options) {
      if (!given.contains(option.name)) complete(endpoint, option, folders);
    }
  }

  void refuse_option(const OptionValue& value, const KindManifest& kind) {
    std::vector<std::string> names;
    for (const OptionManifest& option : kind.options) names.push_back(option.name);
    refuse(value.place, "option", "unknown option `" + value.name + "`",
           did_you_mean(value.name, names));
  }

  void normalise(OptionValue& value, const OptionManifest& option, const OptionFolders& folders) {
    Result<std::string> normal = normalise_option(option, value.value, folders);
    if (!normal) {
      return refuse(value.place, "option",
                    "option `" + value.name + "`: " + normal.error().message);
    }
    value.value = std::move(normal).value();
    if (option.type == OptionType::kEndpoint) check_named(value);
    if (option.type != OptionType::kSecret || secrets_ == nullptr) return;
    const Result<std::string> secret = secrets_->value(value.value);
    if (secret) return;
    errors_.push_back(error_at(value.place, "option",
                               "option `" + value.name + "`: " + secret.error().message,
                               did_you_mean(value.value, secrets_->names())));
  }

  void check_named(const OptionValue& value) {
    if (endpoint_named(configuration_, value.value) != nullptr) return;
    refuse(value.place, "option",
           "option `" + value.name + "`: unknown endpoint `" + value.value + "`",
           did_you_mean(value.value, endpoint_names(configuration_)));
  }

  void complete(EndpointConfig& endpoint, const OptionManifest& option,
                const OptionFolders& folders) {
    if (option.standard) {
      endpoint.options.push_back({option.name, *option.standard, endpoint.place});
      return normalise(endpoint.options.back(), option, folders);
    }
    if (!option.required) return;
    refuse(endpoint.place, "endpoint", "the option `" + option.name + "` is missing",
           "add <option name=\"" + option.name + "\" value=\"...\"/>: " + option.meaning);
  }

  std::string configuration_folder() const {
    return std::filesystem::absolute(configuration_.file).parent_path().lexically_normal().string();
  }

  void check_lent(const EndpointConfig& endpoint, const KindManifest& kind) {
    std::set<std::string> given;
    for (const LentEndpoint& lent : endpoint.lent) {
      const RoleManifest* role = kind.role(lent.role);
      if (role == nullptr) {
        std::vector<std::string> names;
        for (const RoleManifest& known : kind.roles) names.push_back(known.name);
        refuse(lent.place, "lend", "unknown role `" + lent.role + "`",
               did_you_mean(lent.role, names));
      } else if (!given.insert(lent.role).second) {
        refuse(lent.place, "lend", "the role `" + lent.role + "` is lent twice");
      } else {
        check_role(endpoint, lent, *role);
      }
    }
    for (const RoleManifest& role : kind.roles) {
      if (!role.required || given.contains(role.name)) continue;
      refuse(endpoint.place, "endpoint", "nothing is lent for the role `" + role.name + "`",
             "add <lend role=\"" + role.name + "\" endpoint=\"...\"/>: " + role.meaning);
    }
  }

  void check_role(const EndpointConfig& endpoint, const LentEndpoint& lent,
                  const RoleManifest& role) {
    const EndpointConfig* other = endpoint_named(configuration_, lent.endpoint);
    if (other == nullptr) {
      return refuse(lent.place, "lend", "unknown endpoint `" + lent.endpoint + "`",
                    did_you_mean(lent.endpoint, endpoint_names(configuration_)));
    }
    const KindManifest* kind = kind_of(*other, catalogue_);
    if (kind == nullptr || kind->as == role.as) return;
    refuse(lent.place, "lend",
           "the role `" + role.name + "` of `" + endpoint.name + "` takes a " + to_text(role.as) +
               ", but `" + lent.endpoint + "` is a " + to_text(kind->as));
  }

  void check_environment(const EndpointConfig& endpoint, const KindManifest& kind) {
    if (endpoint.environment != configuration_.environment) {
      refuse(endpoint.place, "endpoint",
             "the endpoint `" + endpoint.name + "` is of environment " + endpoint.environment +
                 ", the host of " + configuration_.environment + ": they must not be mixed");
    }
    if (kind.unsafe_in.empty() || kind.unsafe_in != configuration_.environment) return;
    const std::string what =
        "`" + endpoint.plugin + "` `" + kind.kind + "` is not safe in " + kind.unsafe_in;
    const auto given = std::find_if(
        endpoint.options.begin(), endpoint.options.end(), [&](const OptionValue& option) {
          return option.name == kind.exception_option &&
                 option.value.find_first_not_of(" \t\r\n") != std::string::npos;
        });
    if (given != endpoint.options.end()) {
      configuration_.warnings.push_back("endpoint `" + endpoint.name + "`: " + what +
                                        ", and runs under the written exception: " + given->value);
      return;
    }
    refuse(endpoint.place, "endpoint", what,
           kind.exception_option.empty()
               ? "use another kind"
               : "use another kind, or write the reason into the option `" + kind.exception_option +
                     "`");
  }

  void check_unknown(const EndpointConfig& endpoint, const KindManifest& kind) {
    if (kind.as != ComponentAs::kSink || kind.confirms) return;
    if (endpoint.unknown != UnknownPolicy::kConfirm) return;
    refuse(endpoint.place, "endpoint",
           "`" + endpoint.plugin + "` `" + kind.kind +
               "` cannot tell what the counterpart holds after a lost answer",
           "say unknown=\"park\", or unknown=\"resend\" if the counterpart takes the same message "
           "twice");
  }

  void check_delivery(const EndpointConfig& endpoint, const KindManifest& kind) {
    if (kind.as == ComponentAs::kSink || !endpoint.delivery_is_given) return;
    refuse(endpoint.place, "endpoint",
           "`breaker`, `verdicts`, `limits`, `hours`, `maintenance` and `zone` are about "
           "deliveries, and a " +
               to_text(kind.as) + " is not delivered to",
           "put them on the endpoint that a route delivers to");
  }

  // A component is started after everything lent to it, so lending must not run in a circle.
  void check_lending_ends() {
    std::map<std::string, int> state;  // 1: being visited, 2: done
    std::function<bool(const EndpointConfig&)> circle = [&](const EndpointConfig& endpoint) {
      int& own = state[endpoint.name];
      if (own != 0) return own == 1;
      own = 1;
      for (const LentEndpoint& lent : endpoint.lent) {
        const EndpointConfig* other = endpoint_named(configuration_, lent.endpoint);
        if (other != nullptr && circle(*other)) {
          refuse(lent.place, "lend", "lending runs in a circle through `" + lent.endpoint + "`");
          break;
        }
      }
      state[endpoint.name] = 2;
      return false;
    };
    for (const EndpointConfig& endpoint : configuration_.endpoints) circle(endpoint);
  }

  Configuration& configuration_;
  const Catalogue& catalogue_;
  const Secrets* secrets_;
  ConfigurationErrors& errors_;
};

}  // namespace

const EndpointConfig* endpoint_named(const Configuration& configuration, const std::string& name) {
  const auto found =
      std::find_if(configuration.endpoints.begin(), configuration.endpoints.end(),
                   [&](const EndpointConfig& endpoint) { return endpoint.name == name; });
  return found == configuration.endpoints.end() ? nullptr : &*found;
}

const KindManifest* kind_of(const EndpointConfig& endpoint, const Catalogue& catalogue) {
  const Manifest* manifest = catalogue.find(endpoint.plugin);
  return manifest == nullptr ? nullptr : manifest->kind(endpoint.kind);
}

std::vector<std::string> endpoint_names(const Configuration& configuration) {
  std::vector<std::string> names;
  for (const EndpointConfig& endpoint : configuration.endpoints) names.push_back(endpoint.name);
  return names;
}

void check_endpoints(Configuration& configuration, const Catalogue& catalogue,
                     const Secrets* secrets, ConfigurationErrors& errors) {
  EndpointChecker(configuration, catalogue, secrets, errors).check();
}

}  // namespace certbridge::host
