#include "exchange.h"

#include <algorithm>
#include <array>

#include "retry_after.h"

namespace certbridge::http {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

bool is_idempotent(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}
bool takes_body(const std::string& method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

// A broken answer may still have said when to come back.
Error with_retry_after(Error error, const ResponseParser& parser, Timestamp now) {
  const Response* head = parser.head();
  if (head == nullptr || error.severity != Severity::kRetryable) return error;
  for (const auto& [name, value] : head->headers) {
    if (name == "retry-after") error.retry_after = parse_retry_after(value, now);
  }
  return error;
}

}  // namespace

struct Exchange::Attempt {
  SteadyTime deadline{};
  std::stop_token stop{};
  bool reused = false;
  bool answered = false;                    // at least one byte came back
  std::unique_ptr<ContentWriter> stored{};  // of a large body

  Wait wait(std::chrono::milliseconds most, const char* phase) const {
    return {std::min(deadline, std::chrono::steady_clock::now() + most), stop, phase};
  }
};

Exchange::Exchange(ClientSettings settings, Target target, std::shared_ptr<const TlsClient> tls,
                   OpenSpool spool)
    : settings_(std::move(settings)),
      target_(target),
      spool_(std::move(spool)),
      pool_(std::move(target), std::move(tls), settings_.connections, settings_.idle) {}

Result<Response> Exchange::perform(const Request& request, SteadyTime deadline,
                                   const std::stop_token& stop, Timestamp now) {
  if (request.body != nullptr && request.body->size() > settings_.max_request) {
    return Error::permanent("http.too_large", "the request's body of " +
                                                  std::to_string(request.body->size()) +
                                                  " bytes is above max-request of " +
                                                  std::to_string(settings_.max_request));
  }
  Attempt first;
  first.deadline = std::min(deadline, std::chrono::steady_clock::now() + settings_.timeout);
  first.stop = stop;
  auto answer = attempt(request, first, false, now);
  const bool lost_connection = !answer && answer.error().code == "http.closed" && first.reused &&
                               !first.answered && is_idempotent(request.method);
  return lost_connection ? attempt(request, first, true, now) : std::move(answer);
}

Result<void> Exchange::probe(SteadyTime deadline, const std::stop_token& stop) {
  Attempt probing;
  probing.deadline = deadline;
  probing.stop = stop;
  auto lease = pool_.take(probing.wait(settings_.connect_timeout, "connecting"), true);
  if (!lease) return lease.error();
  lease.value().put_back();
  return {};
}

Result<Response> Exchange::attempt(const Request& request, Attempt& attempt, bool fresh,
                                   Timestamp now) {
  auto lease = pool_.take(attempt.wait(settings_.connect_timeout, "connecting"), fresh);
  if (!lease) return lease.error();
  attempt.reused = lease.value().reused();
  Connection& connection = lease.value().connection();
  ResponseParser parser(settings_.max_header, settings_.max_response, request.method == "HEAD");
  auto sent = send(connection, request, attempt);
  // A server that refuses early answers and closes while we still send: its answer counts.
  if (!sent && sent.error().code != "http.closed") return sent.error();
  auto received = receive(connection, parser, attempt);
  if (!received) {
    return with_retry_after(sent ? received.error() : sent.error(), parser, now);
  }
  if (attempt.stored) {
    if (auto moved = move_body(parser, attempt); !moved) return moved.error();
  }
  Response response = parser.take();
  if (attempt.stored) {
    auto stored = attempt.stored->finish();
    if (!stored) return stored.error();
    response.stored = std::move(stored.value().content);
  }
  if (response.keep_alive && sent) lease.value().put_back();
  return response;
}

std::string Exchange::head_of(const Request& request) const {
  std::string head =
      request.method + " " + request.path + " HTTP/1.1\r\nHost: " + target_.authority() + "\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  if (takes_body(request.method) || request.body != nullptr) {
    const std::uint64_t size = request.body == nullptr ? 0 : request.body->size();
    head += "Content-Length: " + std::to_string(size) + "\r\n";
  }
  return head + "\r\n";
}

Result<void> Exchange::send(Connection& connection, const Request& request,
                            const Attempt& attempt) {
  const Wait wait = attempt.wait(settings_.send_timeout, "sending the request");
  std::string piece = head_of(request);
  const std::uint64_t size = request.body == nullptr ? 0 : request.body->size();
  std::uint64_t offset = 0;
  constexpr std::uint64_t kPiece = 256UL * 1024;
  while (true) {
    // Head and first piece leave together: one packet for a small request.
    const std::size_t filled = piece.size();
    piece.resize(filled + static_cast<std::size_t>(std::min(kPiece, size - offset)));
    if (piece.size() > filled) {
      const auto rest = std::as_writable_bytes(std::span(piece)).subspan(filled);
      auto count = request.body->read(offset, rest);
      if (!count) return count.error();
      if (count.value() == 0) {
        return Error::retryable("content.damaged", "the request's body ends before its size");
      }
      piece.resize(filled + count.value());
      offset += count.value();
    }
    if (auto written = connection.write(piece, wait); !written) return written;
    if (offset >= size) return {};
    piece.clear();
  }
}

Result<void> Exchange::receive(Connection& connection, ResponseParser& parser, Attempt& attempt) {
  std::array<char, 16UL * 1024> buffer{};
  Wait wait = attempt.wait(settings_.first_byte_timeout, "waiting for the answer");
  while (!parser.done()) {
    auto count = connection.read(buffer, wait);
    if (!count) return count.error();
    if (count.value() == 0) return parser.finish();
    attempt.answered = true;
    wait = {attempt.deadline, attempt.stop, "reading the answer"};
    if (auto fed = parser.feed({buffer.data(), count.value()}); !fed) return fed;
    if (parser.body_size() <= kLargestContentInMemory) continue;
    if (auto moved = move_body(parser, attempt); !moved) return moved;
  }
  return {};
}

Result<void> Exchange::move_body(ResponseParser& parser, Attempt& attempt) {
  if (!attempt.stored) {
    auto opened = spool_();
    if (!opened) return opened.error();
    attempt.stored = std::move(opened).value();
  }
  const std::string part = parser.take_body();
  return attempt.stored->write(std::as_bytes(std::span(part)));
}

}  // namespace certbridge::http
