// The wire between a component and all that it asks of the host.
#include <bit>

#include "certbridge/testing/wire.h"
#include "wire_channel.h"

namespace certbridge::testing {
namespace {

// Writes the arguments, calls, reads the answer: the shape of every service below.
template <class Put, class Far>
std::string ask(const Put& put, const Far& far) {
  ByteWriter arguments;
  put(arguments);
  return call_over_socket_pair(arguments.bytes(), {},
                               [&far](ByteReader& reader, auto) { return far(reader); });
}

std::string bytes_of(const std::string& value) { return value; }
std::string bytes_of(bool value) { return value ? "1" : ""; }
template <class Number>
std::string bytes_of_number(Number value) {
  ByteWriter writer;
  writer.i64(static_cast<std::int64_t>(value));
  return writer.take();
}
std::string bytes_of(std::int64_t value) { return bytes_of_number(value); }
std::string bytes_of(std::uint64_t value) { return bytes_of_number(value); }
std::string bytes_of(std::chrono::milliseconds value) { return bytes_of_number(value.count()); }

void read_into(std::string_view bytes, std::string& value) { value = std::string(bytes); }
void read_into(std::string_view bytes, bool& value) { value = !bytes.empty(); }
void read_into(std::string_view bytes, std::int64_t& value) { value = ByteReader(bytes).i64(); }
void read_into(std::string_view bytes, std::uint64_t& value) { value = ByteReader(bytes).u64(); }
void read_into(std::string_view bytes, std::chrono::milliseconds& value) {
  value = std::chrono::milliseconds(ByteReader(bytes).i64());
}

template <class T>
std::string encode_plain(const Result<T>& result) {
  return encode_result(result, [](const T& value) { return bytes_of(value); });
}
template <class T>
Result<T> decode_plain(const std::string& bytes) {
  return decode_result<T>(bytes, [](const std::string& inner) -> Result<T> {
    T value{};
    read_into(inner, value);
    return value;
  });
}

class WireConfig final : public Config {
 public:
  explicit WireConfig(const Config& inner) : inner_(inner) {}
  bool has(std::string_view name) const override {
    const auto answer = ask(
        [name](ByteWriter& writer) { writer.text(name); },
        [this](ByteReader& reader) { return std::string(inner_.has(reader.text()) ? "1" : ""); });
    return !answer.empty();
  }
  Result<std::string> text(std::string_view name) const override {
    return read<std::string>(name, &Config::text);
  }
  Result<std::int64_t> integer(std::string_view name) const override {
    return read<std::int64_t>(name, &Config::integer);
  }
  Result<bool> boolean(std::string_view name) const override {
    return read<bool>(name, &Config::boolean);
  }
  Result<std::chrono::milliseconds> duration(std::string_view name) const override {
    return read<std::chrono::milliseconds>(name, &Config::duration);
  }
  Result<std::uint64_t> size(std::string_view name) const override {
    return read<std::uint64_t>(name, &Config::size);
  }
  Result<std::string> file(std::string_view name) const override {
    return read<std::string>(name, &Config::file);
  }
  Result<std::string> secret(std::string_view name) const override {
    return read<std::string>(name, &Config::secret);
  }

 private:
  template <class T>
  Result<T> read(std::string_view name, Result<T> (Config::*method)(std::string_view) const) const {
    return decode_plain<T>(ask([name](ByteWriter& writer) { writer.text(name); },
                               [this, method](ByteReader& reader) {
                                 return encode_plain((inner_.*method)(reader.text()));
                               }));
  }
  const Config& inner_;
};

class WireLogger final : public Logger {
 public:
  explicit WireLogger(Logger& inner) : inner_(inner) {}
  void log(LogLevel level, std::string_view event, const LogFields& fields) override {
    ask(
        [&](ByteWriter& writer) {
          writer.u8(static_cast<std::uint8_t>(level));
          writer.text(event);
          put_pairs(writer, fields);
        },
        [this](ByteReader& reader) {
          const auto far_level = static_cast<LogLevel>(reader.enumeration(4));
          const std::string far_event = reader.text();
          inner_.log(far_level, far_event, take_pairs(reader));
          return std::string();
        });
  }

 private:
  Logger& inner_;
};

class WireClock final : public Clock {
 public:
  explicit WireClock(const Clock& inner) : inner_(inner) {}
  Timestamp now() const override {
    const auto bytes =
        ask([](ByteWriter&) {},
            [this](ByteReader&) { return bytes_of(inner_.now().time_since_epoch()); });
    return Timestamp(std::chrono::milliseconds(ByteReader(bytes).i64()));
  }
  std::chrono::steady_clock::time_point steady() const override {
    const auto bytes =
        ask([](ByteWriter&) {},
            [this](ByteReader&) {
              return bytes_of_number(
                  std::chrono::nanoseconds(inner_.steady().time_since_epoch()).count());
            });
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ByteReader(bytes).i64()));
  }

 private:
  const Clock& inner_;
};

class WireMetrics final : public Metrics {
 public:
  explicit WireMetrics(Metrics& inner) : inner_(inner) {}
  void count(std::string_view name, const MetricLabels& labels, double amount) override {
    pass(&Metrics::count, name, labels, amount);
  }
  void gauge(std::string_view name, const MetricLabels& labels, double value) override {
    pass(&Metrics::gauge, name, labels, value);
  }
  void observe(std::string_view name, const MetricLabels& labels, double value) override {
    pass(&Metrics::observe, name, labels, value);
  }

 private:
  using Method = void (Metrics::*)(std::string_view, const MetricLabels&, double);
  void pass(Method method, std::string_view name, const MetricLabels& labels, double value) {
    ask(
        [&](ByteWriter& writer) {
          writer.text(name);
          put_pairs(writer, labels);
          writer.u64(std::bit_cast<std::uint64_t>(value));
        },
        [this, method](ByteReader& reader) {
          const std::string far_name = reader.text();
          const MetricLabels far_labels = take_pairs(reader);
          (inner_.*method)(far_name, far_labels, std::bit_cast<double>(reader.u64()));
          return std::string();
        });
  }
  Metrics& inner_;
};

class WireMemory final : public Memory {
 public:
  explicit WireMemory(Memory& inner) : inner_(inner) {}

  Result<std::optional<std::string>> get(std::string_view step_key, const OrderKey& key,
                                         std::string_view name) override {
    const auto bytes =
        ask([&](ByteWriter& writer) { put_place(writer, step_key, key, name); },
            [this](ByteReader& reader) {
              const std::string far_step = reader.text();
              const OrderKey far_key = take_key(reader);
              return encode_result(inner_.get(far_step, far_key, reader.text()),
                                   [](const auto& value) { return value ? "v" + *value : ""; });
            });
    using Value = std::optional<std::string>;
    return decode_result<Value>(bytes, [](const std::string& inner) -> Result<Value> {
      return inner.empty() ? Value() : Value(inner.substr(1));
    });
  }

  Result<void> put(std::string_view step_key, const OrderKey& key, std::string_view name,
                   std::string_view value) override {
    return decode_void(ask(
        [&](ByteWriter& writer) {
          put_place(writer, step_key, key, name);
          writer.text(value);
        },
        [this](ByteReader& reader) {
          const std::string far_step = reader.text();
          const OrderKey far_key = take_key(reader);
          const std::string far_name = reader.text();
          return encode_result(inner_.put(far_step, far_key, far_name, reader.text()));
        }));
  }

  Result<std::uint64_t> next(std::string_view step_key, std::string_view counter) override {
    return decode_plain<std::uint64_t>(ask(
        [&](ByteWriter& writer) {
          writer.text(step_key);
          writer.text(counter);
        },
        [this](ByteReader& reader) {
          const std::string far_step = reader.text();
          return encode_plain(inner_.next(far_step, reader.text()));
        }));
  }

  Result<void> flush(std::string_view step_key) override {
    return decode_void(
        ask([step_key](ByteWriter& writer) { writer.text(step_key); },
            [this](ByteReader& reader) { return encode_result(inner_.flush(reader.text())); }));
  }

 private:
  static void put_place(ByteWriter& writer, std::string_view step_key, const OrderKey& key,
                        std::string_view name) {
    writer.text(step_key);
    put_key(writer, key);
    writer.text(name);
  }
  Memory& inner_;
};

class WireFacts final : public Facts {
 public:
  explicit WireFacts(const Facts& inner) : inner_(inner) {}
  Result<std::uint64_t> count(const FactsQuery& query) const override {
    return decode_plain<std::uint64_t>(
        ask([&query](ByteWriter& writer) { put_query(writer, query); },
            [this](ByteReader& reader) { return encode_plain(inner_.count(take_query(reader))); }));
  }
  Result<std::vector<DeliveryFact>> list(const FactsQuery& query,
                                         std::size_t limit) const override {
    using FactList = std::vector<DeliveryFact>;
    const auto bytes = ask(
        [&](ByteWriter& writer) {
          put_query(writer, query);
          writer.u64(limit);
        },
        [this](ByteReader& reader) {
          const FactsQuery far_query = take_query(reader);
          return encode_result(inner_.list(far_query, reader.u64()), [](const FactList& facts) {
            ByteWriter writer;
            for (const DeliveryFact& fact : facts) put_fact(writer, fact);
            return writer.take();
          });
        });
    return decode_result<FactList>(bytes, [](const std::string& inner) -> Result<FactList> {
      FactList facts;
      for (ByteReader reader(inner); reader.left() > 0 && !reader.failed();) {
        facts.push_back(take_fact(reader));
      }
      return facts;
    });
  }

 private:
  const Facts& inner_;
};

class WireContentWriter final : public ContentWriter {
 public:
  explicit WireContentWriter(std::unique_ptr<ContentWriter> inner) : inner_(std::move(inner)) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return decode_void(ask([text](ByteWriter& writer) { writer.text(text); },
                           [this](ByteReader& reader) {
                             const std::string far = reader.text();
                             return encode_result(inner_->write(std::as_bytes(std::span(far))));
                           }));
  }
  Result<StoredContent> finish() override {
    const auto bytes =
        ask([](ByteWriter&) {},
            [this](ByteReader&) { return encode_result(inner_->finish(), encode_stored); });
    return decode_result<StoredContent>(
        bytes, [](const std::string& inner) { return decode_stored(inner); });
  }

 private:
  std::unique_ptr<ContentWriter> inner_;
};

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
  const Config& config() const override { return config_; }
  Logger& logger() override { return logger_; }
  const Clock& clock() const override { return clock_; }
  Metrics& metrics() override { return metrics_; }
  Memory& memory() override { return memory_; }
  const Facts& facts() const override { return facts_; }
  const IssuerDirectory& issuers() const override { return issuers_; }

  Result<std::unique_ptr<ContentWriter>> spool() override {
    auto writer = inner_.spool();
    if (!writer) return writer.error();
    return std::unique_ptr<ContentWriter>(
        std::make_unique<WireContentWriter>(std::move(writer).value()));
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
  WireConfig config_{inner_.config()};
  WireLogger logger_{inner_.logger()};
  WireClock clock_{inner_.clock()};
  WireMetrics metrics_{inner_.metrics()};
  WireMemory memory_{inner_.memory()};
  WireFacts facts_{inner_.facts()};
  std::mutex mutex_{};
  std::map<std::string, std::unique_ptr<Sink>, std::less<>> sinks_{};
  std::map<std::string, std::unique_ptr<Responder>, std::less<>> responders_{};
};

}  // namespace

std::unique_ptr<Context> through_wire_context(Context& context) {
  return std::make_unique<WireContext>(context);
}

}  // namespace certbridge::testing
