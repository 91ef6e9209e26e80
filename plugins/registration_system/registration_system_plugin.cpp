// The outer class: takes settings and lent endpoints from the context, and makes the parts.
#include <fstream>
#include <sstream>

#include "books.h"
#include "cases.h"
#include "certbridge/plugin.h"
#include "completeness.h"
#include "reader.h"
#include "recheck.h"
#include "reporter.h"

namespace {

using namespace certbridge;
using namespace certbridge::registration;

// Nothing when it cannot be read.
std::optional<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

Result<Mapping> mapping_from(const Config& config) {
  auto path = config.file("mapping");
  if (!path) return path.error();
  const auto bytes = bytes_of(path.value());
  if (!bytes) return Error::fault("registration.mapping", "cannot read " + path.value());
  return parse_mapping(*bytes, path.value());
}

// None when no file is configured: then the materials are those of the registration system.
Result<std::optional<ItemDirectory>> items_from(const Config& config) {
  if (!config.has("items")) return std::optional<ItemDirectory>();
  auto path = config.file("items");
  if (!path) return path.error();
  const auto bytes = bytes_of(path.value());
  if (!bytes) return Error::fault("registration.items", "cannot read " + path.value());
  auto items = parse_items(*bytes, path.value());
  if (!items) return Error::fault("registration.items", items.error().message);
  return std::optional(std::move(items).value());
}

Result<std::unique_ptr<Processor>> make_reader(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  auto serial = context.config().text("serial");
  if (!serial) return serial.error();
  auto grace = context.config().duration("party-grace");
  if (!grace) return grace.error();
  auto library = context.config().text("library-endpoint");
  if (!library) return library.error();
  ReaderSettings settings{
      std::move(mapping).value(),
      serial.value() == "counter" ? SerialStrategy::kCounter : SerialStrategy::kNumber,
      grace.value(), library.value()};
  return std::unique_ptr<Processor>(std::make_unique<Reader>(
      std::move(settings), *records.value(), context.memory(), context.facts(), context.issuers(),
      context.clock(), [&context] { return context.spool(); }));
}

Result<std::unique_ptr<Processor>> make_recheck(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Processor>(
      std::make_unique<Recheck>(std::move(mapping).value(), *records.value()));
}

Result<std::unique_ptr<Processor>> make_completeness(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  auto library = context.config().text("library-endpoint");
  if (!library) return library.error();
  return std::unique_ptr<Processor>(std::make_unique<Completeness>(
      std::move(mapping).value(), *records.value(), context.facts(), library.value()));
}

Result<std::unique_ptr<Responder>> make_books(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Responder>(
      std::make_unique<Books>(std::move(mapping).value(), *records.value()));
}

Result<std::unique_ptr<Responder>> make_cases(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  if (mapping.value().cases_group.empty()) {
    return Error::fault("registration.mapping",
                        "the mapping file has no <cases>, which says how a case stands");
  }
  auto items = items_from(context.config());
  if (!items) return items.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Responder>(std::make_unique<Cases>(
      std::move(mapping).value(), *records.value(), std::move(items).value()));
}

class RegistrationSystemPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind == "reader") return make_reader(context);
    if (kind == "recheck") return make_recheck(context);
    if (kind == "completeness") return make_completeness(context);
    return Plugin::make_processor(kind, context);
  }

  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "books") return make_books(context);
    if (kind == "cases") return make_cases(context);
    return Plugin::make_responder(kind, context);
  }

  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "reporter") return Plugin::make_sink(kind, context);
    auto mapping = mapping_from(context.config());
    if (!mapping) return mapping.error();
    auto results = context.sink("results");
    if (!results) return results.error();
    auto statement = context.config().text("statement");
    if (!statement) return statement.error();
    return std::unique_ptr<Sink>(std::make_unique<Reporter>(
        std::move(mapping).value(), *results.value(), statement.value(), context.clock()));
  }
};

}  // namespace

CERTBRIDGE_PLUGIN(RegistrationSystemPlugin, "registration_system", "1.0.0")
