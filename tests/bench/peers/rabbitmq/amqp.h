// The part of librabbitmq that front and consumers need. Every call ends the program with a
// sentence when the broker does not do what it is asked.
#pragma once

#include <amqp.h>
#include <amqp_tcp_socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "measure.h"

namespace certbridge::bench {

// One connection with one channel. One thread at a time.
class Amqp {
 public:
  Amqp(std::uint16_t port, std::string queue) : queue_(std::move(queue)) {
    amqp_socket_t* socket = amqp_tcp_socket_new(connection_);
    if (socket == nullptr || amqp_socket_open(socket, "127.0.0.1", port) != 0) {
      give_up("the broker cannot be reached");
    }
    check(amqp_login(connection_, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"),
          "login");
    amqp_channel_open(connection_, kChannel);
    check(amqp_get_rpc_reply(connection_), "channel");
  }
  ~Amqp() { amqp_destroy_connection(connection_); }
  Amqp(const Amqp&) = delete;
  Amqp& operator=(const Amqp&) = delete;

  // `type`: classic or quorum.
  void declare(const char* type) {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes("x-queue-type");
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = amqp_cstring_bytes(type);
    const amqp_table_t arguments{1, &entry};
    amqp_queue_declare(connection_, kChannel, queue_name(), 0, 1, 0, 0, arguments);
    check(amqp_get_rpc_reply(connection_), "queue");
  }

  void confirm_publishes() {
    amqp_confirm_select(connection_, kChannel);
    check(amqp_get_rpc_reply(connection_), "confirm.select");
  }

  void consume(std::uint16_t unacknowledged) {
    amqp_basic_qos(connection_, kChannel, 0, unacknowledged, 0);
    check(amqp_get_rpc_reply(connection_), "qos");
    amqp_basic_consume(connection_, kChannel, queue_name(), amqp_empty_bytes, 0, 0, 0,
                       amqp_empty_table);
    check(amqp_get_rpc_reply(connection_), "consume");
  }

  // Persistent; its confirm comes later, numbered from 1 in the order of publishing.
  void publish(std::string_view body) {
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.delivery_mode = 2;
    const amqp_bytes_t bytes{body.size(), const_cast<char*>(body.data())};
    if (amqp_basic_publish(connection_, kChannel, amqp_empty_bytes, queue_name(), 1, 0, &properties,
                           bytes) != AMQP_STATUS_OK) {
      give_up("the broker takes no publish");
    }
  }

  void acknowledge(std::uint64_t tag) {
    if (amqp_basic_ack(connection_, kChannel, tag, 0) != 0) give_up("the broker takes no ack");
  }

  struct Confirm {
    std::uint64_t tag = 0;
    bool multiple = false;
    bool taken = false;
  };
  // The next confirm; false when none is there within the time (null: waits for ever).
  bool next_confirm(Confirm& confirm, const timeval* most) {
    amqp_maybe_release_buffers(connection_);
    amqp_frame_t frame{};
    const int status = amqp_simple_wait_frame_noblock(connection_, &frame, most);
    if (status == AMQP_STATUS_TIMEOUT) return false;
    if (status != AMQP_STATUS_OK || frame.frame_type != AMQP_FRAME_METHOD) {
      give_up("the broker's connection is over");
    }
    if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
      const auto* ack = static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
      confirm = {ack->delivery_tag, ack->multiple != 0, true};
    } else if (frame.payload.method.id == AMQP_BASIC_NACK_METHOD) {
      const auto* nack = static_cast<const amqp_basic_nack_t*>(frame.payload.method.decoded);
      confirm = {nack->delivery_tag, nack->multiple != 0, false};
    } else {
      give_up("the broker answers with something else than a confirm");
    }
    return true;
  }

  // The next message's body; waits for ever.
  std::string next_message(std::uint64_t& tag) {
    amqp_maybe_release_buffers(connection_);
    amqp_envelope_t envelope{};
    check(amqp_consume_message(connection_, &envelope, nullptr, 0), "message");
    tag = envelope.delivery_tag;
    std::string body(static_cast<const char*>(envelope.message.body.bytes),
                     envelope.message.body.len);
    amqp_destroy_envelope(&envelope);
    return body;
  }

  int socket() const { return amqp_get_sockfd(connection_); }
  // Whether something that arrived lies in memory, where epoll does not see it.
  bool has_more() const {
    return amqp_frames_enqueued(connection_) != 0 || amqp_data_in_buffer(connection_) != 0;
  }

 private:
  static constexpr amqp_channel_t kChannel = 1;

  amqp_bytes_t queue_name() const { return {queue_.size(), const_cast<char*>(queue_.data())}; }
  static void check(const amqp_rpc_reply_t& reply, const char* what) {
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
      give_up(std::string("the broker refuses: ") + what);
    }
  }

  amqp_connection_state_t connection_ = amqp_new_connection();
  std::string queue_;
};

}  // namespace certbridge::bench
