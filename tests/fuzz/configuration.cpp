// What operations staff write: configuration, routes, issuers, manifests, files of secrets.
#include <unistd.h>

#include <cstdlib>

#include "config/configuration_reader.h"
#include "config/document.h"
#include "config/life_policy.h"
#include "config/query_route_reader.h"
#include "config/route_reader.h"
#include "config/secrets.h"
#include "fuzz.h"
#include "plugins/manifest.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

// A file of our own that holds the input; some readers take only names of files.
class InputFile {
 public:
  InputFile() : handle_(mkstemp(name_)) { require(handle_ >= 0, "a temporary file can be made"); }
  ~InputFile() {
    close(handle_);
    unlink(name_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  std::string hold(std::string_view bytes) {
    const bool held = ftruncate(handle_, 0) == 0 && pwrite(handle_, bytes.data(), bytes.size(),
                                                           0) == static_cast<ssize_t>(bytes.size());
    require(held, "the temporary file can be written");
    return name_;
  }

 private:
  char name_[32] = "/tmp/certbridge-fuzz-XXXXXX";
  int handle_;
};

void check_errors(const ConfigurationErrors& errors) {
  for (const ConfigurationError& error : errors) {
    require(!error.reason.empty(), "an error has a reason");
    require_proper(to_text(error));
  }
}

SchemaName schema_of(std::string_view input) {
  if (input.find("urn:certbridge:route:1") != std::string_view::npos) return SchemaName::kRoute;
  if (input.find("urn:certbridge:issuers:1") != std::string_view::npos) return SchemaName::kIssuers;
  if (input.find("urn:certbridge:life-policy:1") != std::string_view::npos)
    return SchemaName::kLife;
  if (input.find("urn:certbridge:query-route:1") != std::string_view::npos)
    return SchemaName::kQueryRoute;
  return SchemaName::kConfiguration;
}

void check_document_of(std::string_view input) {
  ConfigurationErrors errors;
  const SchemaName schema = schema_of(input);
  const auto root = check_document(input, "input.xml", schema, errors);
  check_errors(errors);
  if (!root) return require(!errors.empty(), "what is refused has a reason");
  if (schema == SchemaName::kRoute) {
    require(!read_route(*root, "input.xml", "/config").name.empty(), "a route has a name");
  } else if (schema == SchemaName::kQueryRoute) {
    const QueryRouteConfig route = read_query_route(*root, "input.xml");
    require(!route.name.empty() && !route.answers.empty() && !route.steps.empty(),
            "a query route has a name, answers something and asks somebody");
  } else if (schema == SchemaName::kIssuers) {
    if (auto issuers = parse_issuers(input, "input.xml"); !issuers)
      require_refused_file(issuers.error());
  } else if (schema == SchemaName::kLife) {
    ConfigurationErrors refused;
    const LifePolicy policy = read_life_policy(*root, "input.xml", refused);
    require(policy.given, "a policy that was read is given");
    check_errors(refused);
  } else {
    ConfigurationPlaces places;
    read_configuration(*root, "input.xml", places, errors);
  }
}

void check_file(std::string_view input) {
  static InputFile file;
  if (input.find("urn:certbridge:plugin:1") != std::string_view::npos) {
    ConfigurationErrors errors;
    const auto manifest = read_manifest(file.hold(input), errors);
    check_errors(errors);
    require(manifest.has_value() == errors.empty(), "what is refused has a reason");
  } else {
    if (auto secrets = open_secrets(file.hold(input)); !secrets)
      require_refusal(secrets.error(), input);
  }
}

}  // namespace

std::vector<std::string> samples() {
  return {"<secrets xmlns=\"urn:certbridge:secrets:1\"><secret name=\"a\" value=\"" +
          personal().front() + "\"/></secrets>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const bool file = input.find("urn:certbridge:plugin:1") != std::string_view::npos ||
                    input.find("urn:certbridge:secrets:1") != std::string_view::npos;
  if (file) {
    check_file(input);
  } else {
    check_document_of(input);
  }
  return 0;
}
