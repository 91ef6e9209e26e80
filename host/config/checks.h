// What the schemas cannot say: references between files, manifests, environments and the seal gate.
#pragma once

#include "config/configuration_error.h"
#include "config/loader.h"
#include "config/model.h"

namespace certbridge::host {

// Holds endpoints against manifests: plugin, kind, options (normalised and completed with defaults
// in place), lent roles, environment, unknown policy, secrets (null: they were refused already).
void check_endpoints(Configuration& configuration, const Catalogue& catalogue,
                     const Secrets* secrets, ConfigurationErrors& errors);

// Holds routes against endpoints and conditions against their grammar; sets what steps take from
// the manifests (outside_effect, gives_verdict).
void check_routes(Configuration& configuration, const Catalogue& catalogue,
                  ConfigurationErrors& errors);

// Holds a table of validation rules against its schema and the rules that there are.
void check_rules_table(std::string_view bytes, const std::string& file,
                       ConfigurationErrors& errors);

// Refuses a path on which a file could be delivered that the seal gate gave no verdict for.
void check_gate(const RouteConfig& route, const Configuration& configuration,
                const Catalogue& catalogue, ConfigurationErrors& errors);

// Holds the people who may operate the host against each other, the secrets (null: they were
// refused already) and what the routes ask of them.
void check_operate(const Configuration& configuration, const Secrets* secrets,
                   ConfigurationErrors& errors);
// Holds places and key of the access records, where they are given, against each other and the
// secrets (null: they were refused already). `place`: of <access>.
void check_access(const Configuration& configuration, const Place& place, const Secrets* secrets,
                  ConfigurationErrors& errors);
// Holds <archive>, where it is given, against <access> and the secrets (null: they were refused
// already).
void check_archive(const Configuration& configuration, const Secrets* secrets,
                   ConfigurationErrors& errors);
// Holds <queries>, its policy, callers and routes, where they are given, against <access>, the
// endpoints and the secrets (null: they were refused already).
void check_queries(const Configuration& configuration, const Catalogue& catalogue,
                   const Secrets* secrets, ConfigurationErrors& errors);
// Holds what <reconcile> names against the endpoints.
void check_reconcile(const Configuration& configuration, const Catalogue& catalogue,
                     ConfigurationErrors& errors);
// Holds <catalogue>, where it is given: the files of types against issuers and templates, and the
// endpoints that it names.
void check_catalogue(const Configuration& configuration, const Catalogue& catalogue,
                     ConfigurationErrors& errors);
class OwnTypes;
// The same for types that were read, as far as issuers and templates are concerned.
void check_own_types(const OwnTypes& types, const Configuration& configuration,
                     ConfigurationErrors& errors);
// Refuses in a route beside others what only the route of the event itself can do.
void check_beside(const RouteConfig& route, ConfigurationErrors& errors);
// Refuses a route that is never used, because earlier ones take all that it would take.
void check_shadows(const Configuration& configuration, ConfigurationErrors& errors);

// An address that only this machine reaches.
bool is_loopback(const std::string& address);
// Null when the endpoint, its plugin or its kind is unknown.
const EndpointConfig* endpoint_named(const Configuration& configuration, const std::string& name);
const KindManifest* kind_of(const EndpointConfig& endpoint, const Catalogue& catalogue);
std::vector<std::string> endpoint_names(const Configuration& configuration);

}  // namespace certbridge::host
