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
  } catch (const std::exception&) {
    answer.clear();  // the far side threw: its exception is the one to show, once it has ended
  }
  far.join();
  if (thrown) std::rethrow_exception(thrown);
  return answer;
}

}  // namespace certbridge::testing
