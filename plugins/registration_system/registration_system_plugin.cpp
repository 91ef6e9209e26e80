// The outer class: takes settings and lent endpoints from the context, and makes the parts.
#include "books.h"
#include "cases.h"
#include "certbridge/options.h"
#include "certbridge/plugin.h"
#include "completeness.h"
#include "reader.h"
#include "recheck.h"
#include "reporter.h"

namespace {

using namespace certbridge;
using namespace certbridge::registration;

Result<Mapping> mapping_from(const Config& config) {
  const auto file = read_option_file(config, "mapping");
  if (!file) return file.error();
  return parse_mapping(file.value().text, file.value().path);
}

// None when no file is configured: then the materials are those of the registration system.
Result<std::optional<ItemDirectory>> items_from(const Config& config) {
  if (!config.has("items")) return std::optional<ItemDirectory>();
  const auto file = read_option_file(config, "items");
  if (!file) return file.error();
  auto items = parse_items(file.value().text, file.value().path);
  if (!items) return Error::fault("registration.items", items.error().message);
  return std::optional(std::move(items).value());
}

Result<std::unique_ptr<Processor>> make_reader(Context& context) {
  auto mapping = mapping_from(context.config());
  if (!mapping) return mapping.error();
  auto records = context.responder("records");
  if (!records) return records.error();
  OptionReader options(context.config());
  ReaderSettings settings{
      std::move(mapping).value(),
      options.text("serial") == "counter" ? SerialStrategy::kCounter : SerialStrategy::kNumber,
      options.duration("party-grace"), options.text("library-endpoint")};
  if (auto read = options.result(); !read) return read.error();
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
