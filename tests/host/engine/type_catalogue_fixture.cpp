#include "type_catalogue_fixture.h"

#include <fstream>

namespace certbridge::host {
namespace {

constexpr const char* kUnit = "11411300MB1T000091";

// In one go, as whoever looks at the folder meets whole files only.
void write_whole(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file.string() + ".part", std::ios::binary) << text;
  std::filesystem::rename(file.string() + ".part", file);
}

}  // namespace

TypeCatalogueTest::TypeCatalogueTest() : types_folder_(folder_ / "types") {
  std::filesystem::create_directories(types_folder_);
  const auto templates = folder_ / "templates";
  std::filesystem::create_directories(templates);
  write_whole(templates / "title.xml", "<template/>");
  write_whole(templates / "title-2.xml", "<template/>");
  CatalogueConfig& config = configuration_.catalogue;
  config.given = true;
  config.types_folder = types_folder_.string();
  config.templates_folder = templates.string();
  config.registered = {{"library", ""}};
  config.look = std::chrono::milliseconds(1);
  config.first_probe = std::chrono::milliseconds(20);
  config.longest_probe = std::chrono::milliseconds(40);
  auto issuers = parse_issuers(
      "<issuers xmlns=\"urn:certbridge:issuers:1\"><issuer name=\"南阳市自然资源和规划局\" "
      "code=\"" +
          std::string(kUnit) +
          "\" area=\"411300\" number-word=\"南阳市\" province-word=\"豫\" environment=\"sandbox\"/>"
          "</issuers>",
      "issuers.xml");
  if (!issuers) throw std::runtime_error(issuers.error().message);
  configuration_.issuers = std::move(issuers).value();
  for (const char* code : {kTitleCode, kProofCode}) {
    write_type(code, version(1, "approved", "2015-03-01T00:00:00"));
  }
}

TypeCatalogueTest::~TypeCatalogueTest() {
  stop_watched();
  engine_.reset();
}

std::string TypeCatalogueTest::version(int number, const std::string& state,
                                       const std::string& effective, const std::string& more) {
  return "<version number=\"" + std::to_string(number) + "\" state=\"" + state + "\" effective=\"" +
         effective + "\"><unit code=\"" + kUnit +
         "\" name=\"南阳市自然资源和规划局\"/><item code=\"BDC-1\" name=\"首次登记\"/>"
         "<holders class=\"both\" several=\"yes\"/><instances several=\"yes\"/>"
         "<validity kind=\"unlimited\"/><template name=\"" +
         (number == 1 ? "title" : "title-2") + "\"/><sharing class=\"conditional\"/>" + more +
         "</version>";
}

void TypeCatalogueTest::write_type(const std::string& code, const std::string& versions) {
  write_whole(types_folder_ / (code + ".xml"),
              "<certificate-type xmlns=\"urn:certbridge:certificate-type:1\" code=\"" + code +
                  "\" name=\"证照\">" + versions + "</certificate-type>");
}

void TypeCatalogueTest::start_watched() {
  catalogue_ = std::make_unique<TypeCatalogue>(configuration_);
  ConfigurationErrors errors;
  catalogue_->look(errors);
  for (const ConfigurationError& error : errors) ADD_FAILURE() << to_text(error);
  types_ = catalogue_.get();
  lanes_ = std::make_unique<TypeLanes>(services());
  lanes_->restore();
  type_lanes_ = lanes_.get();
  start();
  watch_ =
      std::make_unique<CatalogueWatch>(services(), catalogue_.get(), std::chrono::milliseconds(2));
}

void TypeCatalogueTest::stop_watched() {
  watch_.reset();
  stop();
}

void TypeCatalogueTest::restart() {
  watch_.reset();
  reopen();
  lanes_.reset();
}

Message TypeCatalogueTest::of_type(const std::string& key, const std::string& code,
                                   const std::string& booked) {
  Message message = event(key, "SHANZHENG", "case-" + key);
  message.headers["type-code"] = code;
  message.headers["booked-at"] = booked;
  return message;
}

Step TypeCatalogueTest::bind_version() {
  Step step;
  step.kind = StepKind::kTypeVersion;
  step.name = "type-version";
  return step;
}

std::vector<TypeLane> TypeCatalogueTest::lanes() {
  auto found = store_->type_lanes().lanes();
  return found ? std::move(found).value() : std::vector<TypeLane>{};
}

double TypeCatalogueTest::alarms(const std::string& endpoint) const {
  return metrics_.value("type_lanes_held_total", {{"endpoint", endpoint}});
}

}  // namespace certbridge::host
