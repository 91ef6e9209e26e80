// The wire between a component and all that it asks of the host.
#include "certbridge/testing/wire.h"
#include "wire_ask.h"
#include "wire_services.h"

namespace certbridge::testing {
namespace {

// A lent endpoint, which nobody here owns, as something that a decorator can own.
class BorrowedSink final : public Sink {
 public:
  explicit BorrowedSink(Sink& inner) : inner_(inner) {}
  Result<Receipt> send(const Message& message, const Call& call) override {
    return inner_.send(message, call);
  }
  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    return inner_.confirm(message, call);
  }
  Result<void> check(const Call& call) override { return inner_.check(call); }

 private:
  Sink& inner_;
};
class BorrowedResponder final : public Responder {
 public:
  explicit BorrowedResponder(Responder& inner) : inner_(inner) {}
  Result<Message> answer(const Message& question, const Call& call) override {
    return inner_.answer(question, call);
  }
  Result<void> check(const Call& call) override { return inner_.check(call); }

 private:
  Responder& inner_;
};

class WireContext final : public Context {
 public:
  explicit WireContext(Context& inner) : inner_(inner) {}
  const std::string& endpoint_name() const override { return endpoint_name_; }
  const std::string& environment() const override { return environment_; }
  const Config& config() const override { return *config_; }
  Logger& logger() override { return *logger_; }
  const Clock& clock() const override { return *clock_; }
  Metrics& metrics() override { return *metrics_; }
  Memory& memory() override { return *memory_; }
  const Facts& facts() const override { return *facts_; }
  const IssuerDirectory& issuers() const override { return issuers_; }

  Result<std::unique_ptr<ContentWriter>> spool() override {
    auto writer = inner_.spool();
    if (!writer) return writer.error();
    return through_wire(std::move(writer).value());
  }
  Result<Sink*> sink(std::string_view role) override {
    auto lent = inner_.sink(role);
    if (!lent) return lent.error();
    const std::lock_guard lock(mutex_);
    auto& wire = sinks_[std::string(role)];
    if (!wire) wire = through_wire_sink(std::make_unique<BorrowedSink>(*lent.value()));
    return wire.get();
  }
  Result<Responder*> responder(std::string_view role) override {
    auto lent = inner_.responder(role);
    if (!lent) return lent.error();
    const std::lock_guard lock(mutex_);
    auto& wire = responders_[std::string(role)];
    if (!wire) wire = through_wire_responder(std::make_unique<BorrowedResponder>(*lent.value()));
    return wire.get();
  }

 private:
  // What stays the same for a component's life travels once.
  static std::string ask_text(const std::string& text) {
    return ask([](ByteWriter&) {}, [&text](ByteReader&) { return text; });
  }
  static IssuerDirectory ask_issuers(const IssuerDirectory& issuers) {
    return decode_issuers(
        ask([](ByteWriter&) {}, [&issuers](ByteReader&) { return encode_issuers(issuers); }));
  }
  Context& inner_;
  std::string endpoint_name_ = ask_text(inner_.endpoint_name());
  std::string environment_ = ask_text(inner_.environment());
  IssuerDirectory issuers_ = ask_issuers(inner_.issuers());
  std::unique_ptr<const Config> config_ = through_wire(inner_.config());
  std::unique_ptr<Logger> logger_ = through_wire(inner_.logger());
  std::unique_ptr<const Clock> clock_ = through_wire(inner_.clock());
  std::unique_ptr<Metrics> metrics_ = through_wire(inner_.metrics());
  std::unique_ptr<Memory> memory_ = through_wire(inner_.memory());
  std::unique_ptr<const Facts> facts_ = through_wire(inner_.facts());
  std::mutex mutex_{};
  std::map<std::string, std::unique_ptr<Sink>, std::less<>> sinks_{};
  std::map<std::string, std::unique_ptr<Responder>, std::less<>> responders_{};
};

}  // namespace

std::unique_ptr<Context> through_wire_context(Context& context) {
  return std::make_unique<WireContext>(context);
}

}  // namespace certbridge::testing
