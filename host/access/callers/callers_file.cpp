#include "access/callers/callers_file.h"

#include <filesystem>
#include <sstream>

#include "access/callers/issuer_key.h"
#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestKeyFile = 64UL * 1024;

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Result<CallersConfig> read(const XmlElement& root) {
    config_.time_window =
        std::chrono::seconds(number(root, "time-window", config_.time_window.count()));
    config_.nonces =
        static_cast<std::size_t>(number(root, "nonces", static_cast<std::int64_t>(config_.nonces)));
    for (const XmlElement& element : root.children) {
      if (error_) break;
      element.name == "issuer" ? read_issuer(element) : read_system(element);
    }
    if (error_) return *error_;
    return std::move(config_);
  }

 private:
  static std::int64_t number(const XmlElement& at, std::string_view name, std::int64_t otherwise) {
    return parse_integer(at.attribute_or_empty(name)).value_or(otherwise);
  }
  static AccessLimits limits(const XmlElement& at, const std::string& before) {
    return {static_cast<std::uint32_t>(number(at, before + "requests-per-minute", 0)),
            static_cast<std::uint32_t>(number(at, before + "holders-per-day", 0))};
  }

  void refuse(const char* code, const XmlElement& at, const std::string& reason,
              const std::string& suggestion) {
    if (error_) return;
    error_ =
        Error::fault(code, to_text(error_at(place_of(file_, at), at.name, reason, suggestion)));
  }

  std::optional<CheckingKey> key_of(const XmlElement& at) {
    const std::string point = at.attribute_or_empty("public-key");
    const std::string name = at.attribute_or_empty("public-key-file");
    if (point.empty() == name.empty()) {
      refuse("callers.value", at, "its public key is to be given once",
             "write `public-key` or `public-key-file`");
      return {};
    }
    auto key = point.empty() ? key_in_file(name) : key_of_point(point);
    if (key) return std::move(key).value();
    refuse("callers.key", at, key.error().message, {});
    return {};
  }

  Result<CheckingKey> key_in_file(const std::string& name) const {
    const auto path = std::filesystem::path(file_).parent_path() / name;
    const auto pem = read_file(path.string(), kLargestKeyFile);
    if (!pem) return Error::fault("callers.key", "`" + name + "`: " + pem.error().message);
    return CheckingKey::from_pem(pem.value());
  }

  void read_issuer(const XmlElement& at) {
    const auto key = key_of(at);
    if (!key) return;
    AssertionIssuer issuer{*key, std::chrono::seconds(number(at, "longest-validity", 0)),
                           at.attribute_or_empty("unit")};
    const std::string name = at.attribute_or_empty("name");
    if (!config_.issuers.emplace(name, std::move(issuer)).second) {
      refuse("callers.value", at, "there are two issuers `" + name + "`", {});
    }
  }

  void read_system(const XmlElement& at) {
    CallingSystem system;
    system.unit = at.attribute_or_empty("unit");
    system.certificate = at.attribute_or_empty("certificate");
    system.key_secret = at.attribute_or_empty("key");
    system.assertion_needed = at.attribute_or_empty("assertion") != "no";
    system.issuers = issuers_of(at);
    system.limits = limits(at, "");
    system.person_limits = limits(at, "person-");
    check_system(at, system);
    const std::string name = at.attribute_or_empty("name");
    if (!config_.systems.emplace(name, std::move(system)).second) {
      refuse("callers.value", at, "there are two systems `" + name + "`", {});
    }
  }

  std::vector<std::string> issuers_of(const XmlElement& at) {
    std::istringstream words(at.attribute_or_empty("issuers"));
    std::vector<std::string> issuers;
    for (std::string word; words >> word;) {
      if (!config_.issuers.contains(word)) {
        std::vector<std::string> known;
        for (const auto& one : config_.issuers) known.push_back(one.first);
        refuse("callers.unknown", at, "there is no issuer `" + word + "`",
               did_you_mean(word, known));
      }
      issuers.push_back(word);
    }
    return issuers;
  }

  void check_system(const XmlElement& at, const CallingSystem& system) {
    if (system.certificate.empty() && system.key_secret.empty()) {
      refuse("callers.value", at, "nothing proves that it is this system",
             "give it a `certificate`, a `key`, or both");
    }
    if (system.assertion_needed && config_.issuers.empty()) {
      refuse("callers.value", at, "it needs an assertion, and there is no <issuer>",
             "add one, or write assertion=\"no\"");
    }
    for (const auto& [name, other] : config_.systems) {
      if (system.certificate.empty() || system.certificate != other.certificate) continue;
      refuse("callers.value", at, "it has the certificate of the system `" + name + "`", {});
    }
  }

  const std::string& file_;
  CallersConfig config_{};
  std::optional<Error> error_{};
};

}  // namespace

Result<CallersConfig> parse_callers(std::string_view xml, const std::string& file) {
  ConfigurationErrors errors;
  const auto root = check_document(xml, file, SchemaName::kCallers, errors);
  if (!root) return Error::fault("callers.shape", to_text(errors.front()));
  return Reader(file).read(*root);
}

}  // namespace certbridge::host
