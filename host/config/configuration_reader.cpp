#include "config/configuration_reader.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "config/delivery_policy_reader.h"
#include "config/document.h"
#include "config/option_value.h"
#include "config/reconcile_reader.h"
#include "config/upward_reader.h"

namespace certbridge::host {
namespace {

class ConfigurationReader {
 public:
  ConfigurationReader(const XmlElement& root, std::string file, ConfigurationErrors& errors)
      : root_(root),
        file_(std::move(file)),
        folder_(std::filesystem::path(file_).parent_path()),
        errors_(errors) {}

  Configuration read(ConfigurationPlaces& places) const {
    Configuration result;
    result.file = file_;
    result.node = root_.attribute_or_empty("node");
    result.environment = root_.attribute_or_empty("environment");
    result.data_folder = beside(attribute_of("data", "folder"));
    result.listen = attribute_of("listen", "address");
    if (root_.child("log") != nullptr) result.log_format = attribute_of("log", "format");
    result.master_key_secret = attribute_of("master-key", "secret");
    read_numbers(result);
    result.operate = read_operate(result.data_folder);
    read_journal(result.journal);
    read_access(result);
    read_archive(result);
    read_queries(result.queries);
    read_catalogue(result.catalogue);
    read_plugins(result);
    if (const XmlElement* reconcile = root_.child("reconcile")) {
      result.reconcile = read_reconcile(*reconcile, file_, errors_);
      result.reconcile_place = place_of(file_, *reconcile);
    }
    if (const XmlElement* upward = root_.child("upward")) {
      result.upward = read_upward(*upward, file_);
    }
    if (root_.child("secrets") != nullptr) {
      result.secrets_file = beside(attribute_of("secrets", "file"));
    }
    for (const XmlElement* endpoint : root_.child("endpoints")->children_named("endpoint")) {
      result.endpoints.push_back(read_endpoint(*endpoint, result.environment));
    }
    read_places(places);
    return result;
  }

 private:
  std::string attribute_of(const char* element, const char* attribute) const {
    const XmlElement* child = root_.child(element);
    return child == nullptr ? std::string() : child->attribute_or_empty(attribute);
  }
  std::string beside(const std::string& path) const {
    return (folder_ / path).lexically_normal().string();
  }
  Place place(const char* element) const {
    const XmlElement* child = root_.child(element);
    return child == nullptr ? Place{file_, 0, 0} : place_of(file_, *child);
  }

  void read_numbers(Configuration& result) const {
    if (root_.child("steps") != nullptr) {
      result.step_workers = std::stoul(attribute_of("steps", "workers"));
    }
    read_most("most-unrouted", result.intake.unrouted);
    read_most("most-undelivered", result.intake.undelivered);
    if (const auto deadline = parse_duration_ms(attribute_of("drain", "deadline"))) {
      result.drain_deadline = std::chrono::milliseconds(*deadline);
    }
    if (const auto limit = parse_duration_ms(attribute_of("waiting", "limit"))) {
      result.waiting_limit = std::chrono::milliseconds(*limit);
    }
  }

  OperateConfig read_operate(const std::string& data_folder) const {
    OperateConfig operate;
    operate.socket = data_folder + "/operate.sock";
    const XmlElement* element = root_.child("operate");
    operate.place = place(element == nullptr ? "data" : "operate");
    if (element == nullptr) return operate;
    const auto file = [&](const char* name, std::string& into) {
      if (element->attribute(name) != nullptr) into = beside(element->attribute_or_empty(name));
    };
    file("socket", operate.socket);
    file("certificate", operate.certificate);
    file("private-key", operate.private_key);
    file("client-ca", operate.client_ca);
    operate.address = element->attribute_or_empty("address");
    for (const XmlElement* person : element->children_named("person")) {
      operate.people.push_back(read_person(*person));
    }
    return operate;
  }

  Person read_person(const XmlElement& element) const {
    Person person;
    person.name = element.attribute_or_empty("name");
    person.user = element.attribute_or_empty("user");
    person.key_secret = element.attribute_or_empty("key");
    person.certificate = lower_case(element.attribute_or_empty("certificate"));
    person.place = place_of(file_, element);
    std::istringstream roles(element.attribute_or_empty("roles"));
    for (std::string name; roles >> name;) {
      if (const auto role = role_named(name)) person.roles.push_back(*role);
    }
    return person;
  }

  static std::string lower_case(std::string digest) {
    std::transform(digest.begin(), digest.end(), digest.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return digest;
  }

  void read_journal(JournalConfig& journal) const {
    const std::string cipher = attribute_of("journal", "cipher");
    if (!cipher.empty()) journal.cipher = cipher;
    if (const auto retention = parse_duration_ms(attribute_of("journal", "retention"))) {
      journal.retention = std::chrono::milliseconds(*retention);
    }
    if (const auto kept = parse_duration_ms(attribute_of("journal", "search-retention"))) {
      journal.search_retention = std::chrono::milliseconds(*kept);
    }
    const auto size = [&](const char* name, std::uint64_t& into) {
      if (const auto found = parse_size_bytes(attribute_of("journal", name))) into = *found;
    };
    size("reserve", journal.reserve);
    size("largest-message", journal.largest_message);
  }

  void read_access(Configuration& result) const {
    if (root_.child("access") == nullptr) return;
    AccessConfig& access = result.access;
    access.given = true;
    access.folder = beside(attribute_of("access", "folder") + "/" + result.node);
    access.anchor_folder = beside(attribute_of("access", "anchor") + "/" + result.node);
    access.key_secret = attribute_of("access", "key");
    const std::string years = attribute_of("access", "retention");
    if (!years.empty()) access.retention_years = std::stoi(years);
  }

  static std::vector<std::string> words_of(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
  }

  void read_archive(Configuration& result) const {
    if (root_.child("archive") == nullptr) return;
    ArchiveConfig& archive = result.archive;
    archive.given = true;
    archive.place = place("archive");
    archive.folder = beside(attribute_of("archive", "folder") + "/" + result.node);
    archive.key_secret = attribute_of("archive", "key");
    const std::string days = attribute_of("archive", "keep-days");
    if (!days.empty()) archive.keep_days = std::stoi(days);
    if (const auto size = parse_size_bytes(attribute_of("archive", "largest-case"))) {
      archive.largest_case = *size;
    }
    const std::string closed_by = attribute_of("archive", "closed-by");
    if (!closed_by.empty()) archive.closed_by = words_of(closed_by);
  }

  void read_catalogue(CatalogueConfig& catalogue) const {
    const XmlElement* element = root_.child("catalogue");
    if (element == nullptr) return;
    catalogue.given = true;
    catalogue.place = place("catalogue");
    catalogue.types_folder = beside(element->attribute_or_empty("types"));
    catalogue.templates_folder = beside(element->attribute_or_empty("templates"));
    for (const XmlElement* one : element->children_named("registered")) {
      catalogue.registered.push_back(
          {one->attribute_or_empty("at"), one->attribute_or_empty("faces")});
    }
    const auto duration = [&](const char* name, std::chrono::milliseconds& into) {
      if (const auto found = parse_duration_ms(element->attribute_or_empty(name))) {
        into = std::chrono::milliseconds(*found);
      }
    };
    duration("look", catalogue.look);
    duration("first-probe", catalogue.first_probe);
    duration("longest-probe", catalogue.longest_probe);
    catalogue.calendar = read_delivery_policy(*element, file_, errors_);
    catalogue.scheduled = element->child("hours") != nullptr;
  }

  void read_queries(QueriesConfig& queries) const {
    const XmlElement* element = root_.child("queries");
    if (element == nullptr) return;
    queries.given = true;
    queries.place = place("queries");
    queries.listen = element->attribute_or_empty("listen");
    const auto file = [&](const char* name, std::string& into) {
      if (element->attribute(name) != nullptr) into = beside(element->attribute_or_empty(name));
    };
    file("policy", queries.policy_file);
    file("callers", queries.callers_file);
    file("routes", queries.routes_folder);
    file("certificate", queries.certificate);
    file("key", queries.key);
    file("client-ca", queries.client_ca);
    file("used-types", queries.used_types_folder);
    file("items", queries.items_file);
  }

  void read_most(const char* name, std::uint64_t& into) const {
    const std::string given = attribute_of("intake", name);
    if (!given.empty()) into = std::stoull(given);
  }

  void read_plugins(Configuration& result) const {
    const XmlElement* plugins = root_.child("plugins");
    if (plugins == nullptr) return;
    if (plugins->attribute("folder") != nullptr) {
      result.plugin_folder = beside(plugins->attribute_or_empty("folder"));
    }
    for (const XmlElement* pin : plugins->children_named("pin")) {
      result.pins.push_back({pin->attribute_or_empty("name"),
                             lower_case(pin->attribute_or_empty("sha256")), place_of(file_, *pin)});
    }
  }

  void read_places(ConfigurationPlaces& places) const {
    places = {
        place("data"),
        place("plugins"),
        place("secrets"),
        place("master-key"),
        place("issuers"),
        place("routes"),
        place("life"),
        place("access"),
        beside(attribute_of("issuers", "file")),
        beside(attribute_of("routes", "folder")),
        root_.child("life") == nullptr ? std::string() : beside(attribute_of("life", "file"))};
  }

  static void read_limits(const XmlElement& element, EndpointConfig& endpoint) {
    const auto number = [&](const char* name, int& into) {
      if (const XmlAttribute* found = element.attribute(name)) into = std::stoi(found->value);
    };
    const auto duration = [&](const char* name, std::chrono::milliseconds& into) {
      if (const auto found = parse_duration_ms(element.attribute_or_empty(name))) {
        into = std::chrono::milliseconds(*found);
      }
    };
    number("workers", endpoint.workers);
    number("queue", endpoint.queue);
    number("faults-until-down", endpoint.faults_until_down);
    duration("timeout", endpoint.timeout);
    duration("settle-time", endpoint.settle_time);
  }

  void read_delivery(const XmlElement& element, EndpointConfig& endpoint) const {
    endpoint.delivery_is_given = element.attribute("zone") != nullptr;
    for (const char* name : {"breaker", "verdicts", "limits", "hours", "maintenance"}) {
      if (element.child(name) != nullptr) endpoint.delivery_is_given = true;
    }
    endpoint.delivery = read_delivery_policy(element, file_, errors_);
  }

  EndpointConfig read_endpoint(const XmlElement& element, const std::string& environment) const {
    EndpointConfig endpoint;
    endpoint.name = element.attribute_or_empty("name");
    endpoint.plugin = element.attribute_or_empty("plugin");
    endpoint.kind = element.attribute_or_empty("kind");
    const XmlAttribute* own = element.attribute("environment");
    endpoint.environment = own == nullptr ? environment : own->value;
    read_limits(element, endpoint);
    const std::string order = element.attribute_or_empty("order");
    if (order == "settled") endpoint.order = DeliveryOrder::kSettled;
    if (order == "accepted") endpoint.order = DeliveryOrder::kAccepted;
    const std::string unknown = element.attribute_or_empty("unknown");
    if (unknown == "resend") endpoint.unknown = UnknownPolicy::kResend;
    if (unknown == "park") endpoint.unknown = UnknownPolicy::kPark;
    endpoint.place = place_of(file_, element);
    read_delivery(element, endpoint);
    for (const XmlElement* option : element.children_named("option")) {
      endpoint.options.push_back({option->attribute_or_empty("name"),
                                  option->attribute_or_empty("value"), place_of(file_, *option)});
    }
    for (const XmlElement* lend : element.children_named("lend")) {
      endpoint.lent.push_back({lend->attribute_or_empty("role"),
                               lend->attribute_or_empty("endpoint"), place_of(file_, *lend)});
    }
    return endpoint;
  }

  const XmlElement& root_;
  std::string file_;
  std::filesystem::path folder_;
  ConfigurationErrors& errors_;
};

}  // namespace

Configuration read_configuration(const XmlElement& root, const std::string& file,
                                 ConfigurationPlaces& places, ConfigurationErrors& errors) {
  return ConfigurationReader(root, file, errors).read(places);
}

}  // namespace certbridge::host
