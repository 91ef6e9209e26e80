// Options, clock, log and metrics over the wire.
#include "wire_services.h"

#include <bit>

#include "wire_ask.h"

namespace certbridge::testing {
namespace {

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

}  // namespace

std::unique_ptr<const Config> through_wire(const Config& inner) {
  return std::make_unique<WireConfig>(inner);
}
std::unique_ptr<const Clock> through_wire(const Clock& inner) {
  return std::make_unique<WireClock>(inner);
}
std::unique_ptr<Logger> through_wire(Logger& inner) { return std::make_unique<WireLogger>(inner); }
std::unique_ptr<Metrics> through_wire(Metrics& inner) {
  return std::make_unique<WireMetrics>(inner);
}

}  // namespace certbridge::testing
