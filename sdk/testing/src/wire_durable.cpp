// What the host keeps over the wire: memory, facts and spooled content.
#include "wire_ask.h"
#include "wire_services.h"

namespace certbridge::testing {
namespace {

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

}  // namespace

std::unique_ptr<Memory> through_wire(Memory& inner) { return std::make_unique<WireMemory>(inner); }
std::unique_ptr<const Facts> through_wire(const Facts& inner) {
  return std::make_unique<WireFacts>(inner);
}
std::unique_ptr<ContentWriter> through_wire(std::unique_ptr<ContentWriter> inner) {
  return std::make_unique<WireContentWriter>(std::move(inner));
}

}  // namespace certbridge::testing
