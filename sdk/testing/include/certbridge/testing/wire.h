// Sends every call of every interface through the byte form over a socket pair, as if the plugin
// lived in a process of its own: what cannot be serialised does not pass here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "certbridge/context.h"
#include "certbridge/plugin.h"

namespace certbridge::testing {

// How a contract suite reaches the component under test.
enum class Through : std::uint8_t { kPlain = 1, kWire = 2 };

// Decorators: each owns what it decorates and answers as it does.
std::unique_ptr<Sink> through_wire_sink(std::unique_ptr<Sink> sink);
std::unique_ptr<Responder> through_wire_responder(std::unique_ptr<Responder> responder);
std::unique_ptr<Processor> through_wire_processor(std::unique_ptr<Processor> processor);
std::unique_ptr<Source> through_wire_source(std::unique_ptr<Source> source);
// A Context whose every service is called through the wire; `context` must outlive it.
std::unique_ptr<Context> through_wire_context(Context& context);

// Makes components of a plugin, plain or with the wire between them and everything else. Plugin
// and context must outlive the stage, the stage the components.
class Stage {
 public:
  Stage(Plugin& plugin, Context& context, Through through);
  Result<std::unique_ptr<Source>> make_source(std::string_view kind);
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind);
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind);
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind);

 private:
  Plugin& plugin_;
  std::unique_ptr<Context> wire_context_;
  Context& context_;
  Through through_;
};

}  // namespace certbridge::testing
