#include "plugins/manifest.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

// Reads what the schema has let through; what the schema cannot say goes to `errors`.
class ManifestReader {
 public:
  ManifestReader(std::string file, ConfigurationErrors& errors)
      : file_(std::move(file)), errors_(errors) {}

  Manifest read(const XmlElement& root) {
    Manifest manifest;
    manifest.name = root.attribute_or_empty("name");
    manifest.version = root.attribute_or_empty("version");
    manifest.abi = static_cast<std::uint32_t>(std::stoul(root.attribute_or_empty("abi")));
    manifest.library = root.attribute_or_empty("library");
    manifest.tier = root.attribute_or_empty("tier");
    manifest.posture = root.attribute_or_empty("posture");
    manifest.summary = sentence(*root.child("summary"));
    for (const XmlElement* makes : root.children_named("makes")) {
      unique(*makes, "kind", kinds_);
      manifest.makes.push_back(read_kind(*makes));
    }
    for (const XmlElement* error : root.children_named("error")) {
      unique(*error, "code", codes_);
      manifest.errors.push_back(read_error(*error));
    }
    return manifest;
  }

 private:
  static std::string sentence(const XmlElement& element) {
    std::istringstream words(element.text);
    std::string joined, word;
    while (words >> word) joined += joined.empty() ? word : " " + word;
    return joined;
  }

  void refuse(const XmlElement& element, const std::string& reason) {
    errors_.push_back(error_at(place_of(file_, element), element.name, reason));
  }

  void unique(const XmlElement& element, const char* attribute, std::set<std::string>& seen) {
    const std::string value = element.attribute_or_empty(attribute);
    if (!seen.insert(value).second) {
      refuse(element, std::string(attribute) + " `" + value + "` is declared twice");
    }
  }

  static ComponentAs read_as(const XmlElement& element) {
    const std::string as = element.attribute_or_empty("as");
    if (as == "source") return ComponentAs::kSource;
    if (as == "sink") return ComponentAs::kSink;
    return as == "responder" ? ComponentAs::kResponder : ComponentAs::kProcessor;
  }

  static ComponentThreads read_threads(const XmlElement& element) {
    const std::string threads = element.attribute_or_empty("threads");
    if (threads == "one") return ComponentThreads::kOne;
    return threads == "own" ? ComponentThreads::kOwn : ComponentThreads::kMany;
  }

  KindManifest read_kind(const XmlElement& element) {
    KindManifest kind;
    kind.kind = element.attribute_or_empty("kind");
    kind.as = read_as(element);
    kind.threads = read_threads(element);
    kind.gives_verdict = element.attribute_or_empty("verdict") == "seal";
    kind.makes_file = element.attribute_or_empty("makes-file") == "yes";
    kind.outside_effect = element.attribute_or_empty("outside-effect") == "yes";
    kind.confirms = element.attribute_or_empty("confirm") != "no";
    kind.unsafe_in = element.attribute_or_empty("unsafe-in");
    kind.exception_option = element.attribute_or_empty("exception-option");
    kind.meaning = sentence(element);
    std::set<std::string> options, roles;
    for (const XmlElement* option : element.children_named("option")) {
      unique(*option, "name", options);
      kind.options.push_back(read_option(*option));
    }
    for (const XmlElement* role : element.children_named("role")) {
      unique(*role, "name", roles);
      kind.roles.push_back({role->attribute_or_empty("name"), read_as(*role),
                            role->attribute_or_empty("required") == "yes", sentence(*role)});
    }
    std::set<std::string> headers;
    for (const XmlElement* header : element.children_named("repairable")) {
      unique(*header, "header", headers);
      kind.repairable.push_back(header->attribute_or_empty("header"));
    }
    if (!kind.exception_option.empty() && kind.option(kind.exception_option) == nullptr) {
      refuse(element, "exception-option `" + kind.exception_option + "` is not an option of it");
    }
    return kind;
  }

  static OptionType read_type(const std::string& type) {
    for (int value = 1; value <= static_cast<int>(OptionType::kEndpoint); ++value) {
      if (to_text(static_cast<OptionType>(value)) == type) return static_cast<OptionType>(value);
    }
    return OptionType::kText;
  }

  OptionManifest read_option(const XmlElement& element) {
    OptionManifest option;
    option.name = element.attribute_or_empty("name");
    option.type = read_type(element.attribute_or_empty("type"));
    option.required = element.attribute_or_empty("required") == "yes";
    option.min = parse_integer(element.attribute_or_empty("min"));
    option.max = parse_integer(element.attribute_or_empty("max"));
    option.meaning = sentence(element);
    option.pattern = element.attribute_or_empty("pattern");
    std::istringstream values(element.attribute_or_empty("values"));
    for (std::string value; values >> value;) option.values.push_back(value);
    if (const XmlAttribute* standard = element.attribute("default")) {
      option.standard = standard->value;
    }
    check_option(element, option);
    return option;
  }

  void check_option(const XmlElement& element, const OptionManifest& option) {
    const std::string named = "option `" + option.name + "` ";
    if (option.type == OptionType::kEnum && option.values.empty()) {
      refuse(element, named + "is an enum without values");
    }
    if (!option.standard) return;
    if (option.required) refuse(element, named + "is required and has a default");
    // Whether a default file exists is known only beside a configuration.
    if (option.type == OptionType::kFile) return;
    const Result<std::string> normal = normalise_option(option, *option.standard, {});
    if (!normal) refuse(element, "the default of " + named + "is wrong: " + normal.error().message);
  }

  static ErrorManifest read_error(const XmlElement& element) {
    const std::string severity = element.attribute_or_empty("severity");
    return {element.attribute_or_empty("code"),
            severity == "retryable"   ? Severity::kRetryable
            : severity == "permanent" ? Severity::kPermanent
                                      : Severity::kFault,
            sentence(element), element.attribute_or_empty("taken") == "no"};
  }

  std::string file_;
  ConfigurationErrors& errors_;
  std::set<std::string> kinds_{};
  std::set<std::string> codes_{};
};

template <class Items, class Member>
auto* find_by(const Items& items, Member member, std::string_view value) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const auto& item) { return item.*member == value; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::string to_text(OptionType type) {
  constexpr const char* kNames[] = {"",    "text", "integer", "boolean", "duration", "size",
                                    "url", "enum", "file",    "secret",  "endpoint"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string to_text(ComponentAs as) {
  constexpr const char* kNames[] = {"", "source", "sink", "responder", "processor"};
  return kNames[static_cast<std::size_t>(as)];
}

std::string to_text(ComponentThreads threads) {
  constexpr const char* kNames[] = {"", "one", "many", "own"};
  return kNames[static_cast<std::size_t>(threads)];
}

std::string to_text(Severity severity) {
  constexpr const char* kNames[] = {"", "retryable", "permanent", "fault"};
  return kNames[static_cast<std::size_t>(severity)];
}

const OptionManifest* KindManifest::option(std::string_view name) const {
  return find_by(options, &OptionManifest::name, name);
}
const RoleManifest* KindManifest::role(std::string_view name) const {
  return find_by(roles, &RoleManifest::name, name);
}
const KindManifest* Manifest::kind(std::string_view wanted) const {
  return find_by(makes, &KindManifest::kind, wanted);
}
const ErrorManifest* Manifest::error(std::string_view code) const {
  return find_by(errors, &ErrorManifest::code, code);
}

std::optional<Manifest> read_manifest(const std::string& path, ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  const std::optional<XmlElement> root = read_document(path, SchemaName::kPlugin, errors);
  if (!root) return {};
  Manifest manifest = ManifestReader(path, errors).read(*root);
  manifest.folder = std::filesystem::path(path).parent_path().string();
  if (errors.size() > before) return {};
  return manifest;
}

}  // namespace certbridge::host
