#include <filesystem>
#include <map>
#include <set>

#include "catalogue/catalogue_files.h"
#include "config/checks.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestTemplate = 1024UL * 1024;

// The files of types against issuers and templates.
class OwnTypesChecker {
 public:
  OwnTypesChecker(const Configuration& configuration, ConfigurationErrors& errors)
      : configuration_(configuration), errors_(errors) {}

  void check(const OwnTypes& types) {
    for (const CertificateType& type : types.all()) {
      for (const TypeVersion& version : type.versions) {
        const Place place{type.file, version.line, version.column};
        check_units(place, version);
        check_template(place, version.template_name);
      }
    }
  }

 private:
  // Counterparts find a unit by its name as well as by its code.
  void check_units(const Place& place, const TypeVersion& version) {
    for (const TypeUnit& unit : version.units) {
      const Issuer* issuer = configuration_.issuers.by_code(unit.code);
      if (issuer == nullptr) {
        errors_.push_back(error_at(place, "unit", "issuers.xml has no issuer `" + unit.code + "`",
                                   did_you_mean(unit.code, issuer_codes())));
      } else if (issuer->name != unit.name) {
        errors_.push_back(error_at(place, "unit",
                                   "the issuer `" + unit.code + "` is called `" + issuer->name +
                                       "` in issuers.xml, and `" + unit.name + "` here",
                                   "write the same name in both"));
      }
    }
  }
  std::vector<std::string> issuer_codes() const {
    std::vector<std::string> codes;
    for (const Issuer& issuer : configuration_.issuers.all()) codes.push_back(issuer.code);
    return codes;
  }

  void check_template(const Place& place, const std::string& name) {
    const auto known = templates_.find(name);
    const std::string problem = known == templates_.end() ? problem_of(name) : known->second;
    templates_[name] = problem;
    if (!problem.empty()) errors_.push_back(error_at(place, "template", problem));
  }
  // Whether it is a layout that can be drawn is for the plugin that draws it.
  std::string problem_of(const std::string& name) const {
    const std::filesystem::path folder = configuration_.catalogue.templates_folder;
    const std::string file = (folder / (name + ".xml")).lexically_normal().string();
    const auto bytes = read_file(file, kLargestTemplate);
    if (!bytes) return "the template " + file + ": " + bytes.error().message;
    const auto root = parse_xml(bytes.value(), file, XmlLimits{});
    if (!root) return root.error().message;
    return root.value().name == "template" ? std::string() : file + " is no template";
  }

  const Configuration& configuration_;
  ConfigurationErrors& errors_;
  std::map<std::string, std::string> templates_{};  // by name: what is wrong with it
};

// What <catalogue> itself names.
class CatalogueChecker {
 public:
  CatalogueChecker(const Configuration& configuration, const Catalogue& plugins,
                   ConfigurationErrors& errors)
      : configuration_(configuration), plugins_(plugins), errors_(errors) {}

  void check() {
    std::set<std::string> names;
    for (const RegisteredAt& one : configuration_.catalogue.registered) {
      check_is(one.deliveries, ComponentAs::kSink, "a sink, to which certificates are delivered");
      if (!one.faces.empty()) check_is(one.faces, ComponentAs::kResponder, "a responder");
      if (!names.insert(one.deliveries).second) {
        refuse("`" + one.deliveries + "` is named twice", "keep one <registered>");
      }
    }
    if (configuration_.catalogue.first_probe > configuration_.catalogue.longest_probe) {
      refuse("`first-probe` is longer than `longest-probe`", {});
    }
  }

 private:
  void refuse(const std::string& reason, const std::string& hint) {
    errors_.push_back(error_at(configuration_.catalogue.place, "catalogue", reason, hint));
  }
  void check_is(const std::string& name, ComponentAs as, const char* needed) {
    const EndpointConfig* endpoint = endpoint_named(configuration_, name);
    if (endpoint == nullptr) {
      return refuse("unknown endpoint `" + name + "`",
                    did_you_mean(name, endpoint_names(configuration_)));
    }
    const KindManifest* kind = kind_of(*endpoint, plugins_);
    if (kind == nullptr || kind->as == as) return;
    refuse("the endpoint `" + name + "` is not " + needed, {});
  }

  const Configuration& configuration_;
  const Catalogue& plugins_;
  ConfigurationErrors& errors_;
};

}  // namespace

void check_own_types(const OwnTypes& types, const Configuration& configuration,
                     ConfigurationErrors& errors) {
  OwnTypesChecker(configuration, errors).check(types);
}

void check_catalogue(const Configuration& configuration, const Catalogue& catalogue,
                     ConfigurationErrors& errors) {
  if (!configuration.catalogue.given) return;
  CatalogueChecker(configuration, catalogue, errors).check();
  const auto types = read_own_types(configuration.catalogue.types_folder, errors);
  if (types) check_own_types(*types, configuration, errors);
}

}  // namespace certbridge::host
