#include "wire_channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <stdexcept>
#include <thread>

namespace certbridge::testing {
namespace {

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() { ::close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) throw std::runtime_error("the socket pair broke while writing");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  std::string read(std::size_t size) const {
    std::string bytes(size, '\0');
    for (std::size_t filled = 0; filled < size;) {
      const ssize_t count = ::recv(descriptor_, bytes.data() + filled, size - filled, 0);
      if (count <= 0) throw std::runtime_error("the socket pair broke while reading");
      filled += static_cast<std::size_t>(count);
    }
    return bytes;
  }
  void write_frame(const std::string& bytes) const {
    ByteWriter head;
    head.u64(bytes.size());
    write(head.bytes());
    write(bytes);
  }
  std::string read_frame() const {
    const std::string head = read(8);
    return read(static_cast<std::size_t>(ByteReader(head).u64()));
  }
  // True once a byte came, false when the other side is done.
  bool wait_for_byte() const {
    char byte = 0;
    return ::recv(descriptor_, &byte, 1, 0) == 1;
  }
  void end_reading() const { ::shutdown(descriptor_, SHUT_RD); }

 private:
  int descriptor_;
};

// The far side's whole life: one frame in, the call with a stop of its own, one frame out.
void serve(const Socket& socket, const FarSide& far_side) {
  const std::string request = socket.read_frame();
  std::stop_source stop;
  std::string answer;
  std::exception_ptr thrown;
  std::thread watcher([&] {
    if (socket.wait_for_byte()) stop.request_stop();
  });
  try {
    ByteReader arguments(request);
    answer = far_side(arguments, stop.get_token());
    if (!arguments.finish()) ADD_FAILURE() << "the far side did not read its arguments to the end";
  } catch (...) {
    thrown = std::current_exception();
  }
  socket.end_reading();
  watcher.join();
  if (thrown) std::rethrow_exception(thrown);
  socket.write_frame(answer);
}

}  // namespace

std::string call_over_socket_pair(const std::string& arguments, const std::stop_token& stop,
                                  const FarSide& far_side) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error("no socket pair");
  }
  const Socket near(ends[0]);
  std::exception_ptr thrown;
  std::string answer;
  std::thread far([&, descriptor = ends[1]] {
    try {
      const Socket socket(descriptor);
      serve(socket, far_side);
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  try {
    near.write_frame(arguments);
    const auto tell = [&near] {
      try {
        near.write("s");
      } catch (const std::exception&) {  // the call ended at the same moment
      }
    };
    const std::stop_callback on_stop(stop, tell);
    answer = near.read_frame();
  } catch (const std::exception&) {  // the far side threw: its exception is the one to show
    if (!thrown) answer.clear();
  }
  far.join();
  if (thrown) std::rethrow_exception(thrown);
  return answer;
}

void put_key(ByteWriter& writer, const OrderKey& key) {
  writer.text(key.kind);
  writer.text(key.value);
}
OrderKey take_key(ByteReader& reader) {
  OrderKey key;
  key.kind = reader.text();
  key.value = reader.text();
  return key;
}

void put_pairs(ByteWriter& writer, const LogFields& fields) {
  writer.u32(static_cast<std::uint32_t>(fields.size()));
  for (const auto& [name, value] : fields) {
    writer.text(name);
    writer.text(value);
  }
}
LogFields take_pairs(ByteReader& reader) {
  LogFields fields;
  for (std::uint32_t left = reader.count(1000); left > 0 && !reader.failed(); --left) {
    std::string name = reader.text();
    fields.emplace_back(std::move(name), reader.text());
  }
  return fields;
}

namespace {
void put_optional_time(ByteWriter& writer, const std::optional<Timestamp>& time) {
  writer.boolean(time.has_value());
  if (time) writer.i64(time->time_since_epoch().count());
}
std::optional<Timestamp> take_optional_time(ByteReader& reader) {
  if (!reader.boolean()) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(reader.i64()));
}
}  // namespace

void put_query(ByteWriter& writer, const FactsQuery& query) {
  writer.text(query.endpoint);
  writer.boolean(query.order_key.has_value());
  if (query.order_key) put_key(writer, *query.order_key);
  writer.text(query.area);
  writer.text(query.type);
  put_optional_time(writer, query.accepted_from);
  put_optional_time(writer, query.accepted_before);
}
FactsQuery take_query(ByteReader& reader) {
  FactsQuery query;
  query.endpoint = reader.text();
  if (reader.boolean()) query.order_key = take_key(reader);
  query.area = reader.text();
  query.type = reader.text();
  query.accepted_from = take_optional_time(reader);
  query.accepted_before = take_optional_time(reader);
  return query;
}

void put_fact(ByteWriter& writer, const DeliveryFact& fact) {
  for (const std::string* text :
       {&fact.message_id, &fact.endpoint, &fact.type, &fact.state, &fact.remote_id}) {
    writer.text(*text);
  }
  put_pairs(writer, LogFields(fact.headers.begin(), fact.headers.end()));
}
DeliveryFact take_fact(ByteReader& reader) {
  DeliveryFact fact;
  for (std::string* text :
       {&fact.message_id, &fact.endpoint, &fact.type, &fact.state, &fact.remote_id}) {
    *text = reader.text();
  }
  for (auto& [name, value] : take_pairs(reader)) fact.headers.emplace(name, value);
  return fact;
}

// A message with one attachment has all that stored content has.
std::string encode_stored(const StoredContent& stored) {
  Message carrier;
  carrier.attachments = {{"", "", stored.size, stored.digest, stored.content}};
  return encode_message(carrier);
}
Result<StoredContent> decode_stored(std::string_view bytes) {
  auto carrier = decode_message(bytes);
  if (!carrier) return carrier.error();
  const Attachment& stored = carrier.value().attachments.at(0);
  return StoredContent{stored.content, stored.size, stored.digest};
}

Error wire_damaged() {
  ADD_FAILURE() << "a value did not read back from its own bytes";
  return Error::fault("wire.damaged", "a value did not read back from its own bytes");
}

std::string encode_result(const Result<void>& result) {
  ByteWriter writer;
  writer.boolean(result.ok());
  writer.text(result.ok() ? std::string() : encode_error(result.error()));
  return writer.take();
}
Result<void> decode_void(const std::string& bytes) {
  ByteReader reader(bytes);
  const bool ok = reader.boolean();
  const std::string inner = reader.text();
  if (!reader.finish()) return wire_damaged();
  if (ok) return {};
  if (auto error = decode_error(inner)) return *error;
  return wire_damaged();
}

}  // namespace certbridge::testing
