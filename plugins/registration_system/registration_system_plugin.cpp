// The outer class: takes settings and lent endpoints from the context, and makes the parts.
#include <fstream>
#include <sstream>

#include "books.h"
#include "certbridge/plugin.h"
#include "completeness.h"
#include "reader.h"
#include "recheck.h"
#include "reporter.h"

namespace {

using namespace certbridge;
using namespace certbridge::registration;

Result<Mapping> mapping_from(const Config& config) {
  auto path = config.file("mapping");
  if (!path) return path.error();
  std::ifstream file(path.value(), std::ios::binary);
  if (!file) return Error::fault("registration.mapping", "cannot read " + path.value());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return parse_mapping(bytes.str(), path.value());
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
    if (kind != "books") return Plugin::make_responder(kind, context);
    return make_books(context);
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
