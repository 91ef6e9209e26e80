// One home for the virtual tables and type information of the contract's interfaces.
#include "certbridge/context.h"
#include "certbridge/delivery_order.h"
#include "certbridge/plugin.h"

namespace certbridge {

Content::~Content() = default;
ContentWriter::~ContentWriter() = default;

Component::~Component() = default;
Result<void> Component::start() { return {}; }
void Component::stop() {}
Result<void> Component::check(const Call&) { return {}; }

Receiver::~Receiver() = default;
Source::~Source() = default;
Sink::~Sink() = default;
Responder::~Responder() = default;
Processor::~Processor() = default;
OrdersDeliveries::~OrdersDeliveries() = default;

Config::~Config() = default;
Logger::~Logger() = default;
Clock::~Clock() = default;
Metrics::~Metrics() = default;
Memory::~Memory() = default;
Facts::~Facts() = default;
Context::~Context() = default;
Plugin::~Plugin() = default;

namespace {
Error no_such_kind(std::string_view as, std::string_view kind) {
  return Error::fault("plugin.no_such_kind", "this plugin makes no " + std::string(as) +
                                                 " of kind \"" + std::string(kind) + "\"");
}
}  // namespace

Result<std::unique_ptr<Source>> Plugin::make_source(std::string_view kind, Context&) {
  return no_such_kind("source", kind);
}
Result<std::unique_ptr<Sink>> Plugin::make_sink(std::string_view kind, Context&) {
  return no_such_kind("sink", kind);
}
Result<std::unique_ptr<Responder>> Plugin::make_responder(std::string_view kind, Context&) {
  return no_such_kind("responder", kind);
}
Result<std::unique_ptr<Processor>> Plugin::make_processor(std::string_view kind, Context&) {
  return no_such_kind("processor", kind);
}

}  // namespace certbridge
