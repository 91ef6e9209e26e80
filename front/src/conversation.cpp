#include "conversation.h"

#include <algorithm>
#include <array>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "certbridge_front/framing.h"

namespace certbridge::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using Tcp = asio::ip::tcp;
using Problem = boost::system::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = wire::request_parser<wire::string_body>;

constexpr std::chrono::seconds kDrainTime{2};
constexpr std::size_t kDrainBytes = 1 << 20;
constexpr std::chrono::seconds kBusyFor{2};

auto quiet(Problem& problem) { return asio::redirect_error(asio::use_awaitable, problem); }

std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

FrontHead head_of(const Parser& parser, const FrontSettings& settings) {
  const auto& request = parser.get();
  FrontHead head;
  head.method = text_of(request.method_string());
  head.target = text_of(request.target());
  head.path = head.target.substr(0, head.target.find('?'));
  head.authorization = text_of(request[wire::field::authorization]);
  head.api_key = text_of(request["X-Api-Key"]);
  head.content_type = text_of(request[wire::field::content_type]);
  for (const std::string& name : settings.headers) {
    const auto found = request.find(name);
    if (found != request.end()) head.headers[name] = text_of(found->value());
  }
  return head;
}

std::optional<FrontAnswer> refuse_repeated(const Parser& parser, const FrontSettings& settings) {
  for (const std::string& name : settings.headers) {
    if (parser.get().count(name) < 2) continue;
    return early_answer(400, "http.framing", "the header " + name + " is sent twice");
  }
  return std::nullopt;
}

// SHA-256 of the certificate that the client showed, in lower-case hex; empty: it showed none.
std::string certificate_of(SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(connection),
                                                          &X509_free);
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (!shown || X509_digest(shown.get(), EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

Framing framing_of(const Parser& parser) {
  const auto& request = parser.get();
  Framing framing{request.version(),
                  request.count(wire::field::host),
                  request.count(wire::field::content_length),
                  {}};
  const auto [begin, end] = request.equal_range(wire::field::transfer_encoding);
  for (auto coding = begin; coding != end; ++coding)
    framing.codings.push_back(text_of(coding->value()));
  return framing;
}

// Worth an answer: the peer sent something wrong, and did not just go away or fall silent.
bool is_wrong_input(const Problem& problem) {
  return problem.category() == wire::make_error_code(wire::error::bad_method).category() &&
         problem != wire::error::end_of_stream && problem != wire::error::partial_message;
}

FrontAnswer too_large(std::uint64_t limit) {
  return early_answer(
      413, "http.body_too_large",
      "the body is above the limit of " + std::to_string(limit) + " bytes; nothing of it is kept");
}

FrontAnswer answer_of(const Problem& problem, const FrontSettings& settings, std::uint64_t limit) {
  if (problem == wire::error::header_limit) {
    return early_answer(
        431, "http.header_too_large",
        "the head is above the limit of " + std::to_string(settings.max_header) + " bytes");
  }
  if (problem == wire::error::body_limit) return too_large(limit);
  return early_answer(400, "http.malformed", "not proper HTTP");
}

template <class Body>
void write_head(wire::response<Body>& response, const FrontAnswer& answer, bool keep_alive) {
  response.set(wire::field::content_type,
               answer.media_type.empty() ? "application/json; charset=UTF-8" : answer.media_type);
  if (answer.status == 401) response.set(wire::field::www_authenticate, "Bearer");
  if (answer.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*answer.retry_after).count();
    response.set(wire::field::retry_after, std::to_string(std::max<std::int64_t>(seconds, 1)));
  }
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.keep_alive(keep_alive);
}

wire::response<wire::string_body> write_answer(const FrontAnswer& answer, unsigned version,
                                               bool keep_alive) {
  wire::response<wire::string_body> response(static_cast<wire::status>(answer.status), version);
  write_head(response, answer, keep_alive);
  response.body() = answer.body;
  response.prepare_payload();
  return response;
}

// A request that may have a large body, counted as long as it is here.
class LargeBody {
 public:
  explicit LargeBody(std::shared_ptr<std::uint64_t> count) : count_(std::move(count)) { ++*count_; }
  ~LargeBody() { --*count_; }
  LargeBody(const LargeBody&) = delete;
  LargeBody& operator=(const LargeBody&) = delete;

 private:
  std::shared_ptr<std::uint64_t> count_;
};

template <class Stream>
class Conversation {
 public:
  Conversation(Stream& stream, ConversationShare& share, std::string certificate)
      : stream_(stream),
        share_(share),
        certificate_(std::move(certificate)),
        buffer_(share.settings.max_header + 64UL * 1024) {}

  asio::awaitable<void> serve() {
    bool go_on = true;
    while (go_on && !share_.closing) {
      if (buffer_.size() == 0 && !co_await wait_for_request()) break;
      go_on = co_await one_request();
    }
    Problem ignored;
    lowest().socket().shutdown(Tcp::socket::shutdown_both, ignored);
  }

 private:
  PlainStream& lowest() { return beast::get_lowest_layer(stream_); }

  asio::awaitable<bool> wait_for_request() {
    Problem problem;
    lowest().expires_after(share_.settings.idle);
    const std::size_t count =
        co_await stream_.async_read_some(buffer_.prepare(4096), quiet(problem));
    if (!problem) buffer_.commit(count);
    co_return !problem;
  }

  // False when the connection must not be read on.
  asio::awaitable<bool> one_request() {
    Parser parser;
    parser.header_limit(share_.settings.max_header);
    parser.body_limit(boost::none);  // until it is known which request it is
    lowest().expires_after(share_.settings.header_timeout);
    Problem problem;
    co_await wire::async_read_header(stream_, buffer_, parser, quiet(problem));
    if (problem) co_return co_await end_with(problem, share_.settings.max_body);
    FrontHead head = head_of(parser, share_.settings);
    head.certificate_sha256 = certificate_;
    const std::uint64_t asked = share_.handler.most_body(head);
    const std::uint64_t limit = asked == 0 ? share_.settings.max_body : asked;
    if (std::optional<FrontAnswer> refused = refuse(parser, head, limit)) {
      if (head.method == "HEAD") refused->body.clear();  // its answer has no body, whatever it says
      co_await answer_and_drain(*std::move(refused));
      co_return false;
    }
    std::optional<LargeBody> large;
    if (limit > share_.settings.max_body) large.emplace(share_.large_bodies);
    parser.body_limit(limit);
    if (problem = co_await read_body(parser); problem) co_return co_await end_with(problem, limit);
    co_return co_await handle(parser, head);
  }

  std::optional<FrontAnswer> refuse(const Parser& parser, const FrontHead& head,
                                    std::uint64_t limit) {
    if (auto refused = refuse_framing(framing_of(parser))) return refused;
    if (auto refused = refuse_repeated(parser, share_.settings)) return refused;
    if (auto refused = share_.handler.refuse(head)) return refused;
    const auto length = parser.content_length();
    if (length && *length > limit) return too_large(limit);
    if (limit <= share_.settings.max_body ||
        *share_.large_bodies < share_.settings.max_large_bodies)
      return std::nullopt;
    FrontAnswer busy =
        early_answer(503, "http.busy", "as many large bodies are being taken in as there may be");
    busy.retry_after = kBusyFor;
    return busy;
  }

  asio::awaitable<Problem> read_body(Parser& parser) {
    Problem problem;
    lowest().expires_after(share_.settings.body_timeout);
    if (beast::iequals(parser.get()[wire::field::expect], "100-continue")) {
      wire::response<wire::empty_body> go_ahead(wire::status::continue_, 11);
      co_await wire::async_write(stream_, go_ahead, quiet(problem));
    }
    if (!problem) co_await wire::async_read(stream_, buffer_, parser, quiet(problem));
    co_return problem;
  }

  asio::awaitable<bool> end_with(Problem problem, std::uint64_t limit) {
    if (is_wrong_input(problem)) {
      co_await answer_and_drain(answer_of(problem, share_.settings, limit));
    }
    co_return false;
  }

  asio::awaitable<bool> handle(Parser& parser, const FrontHead& head) {
    ++share_.answering;
    lowest().expires_never();
    const FrontAnswer answer = co_await ask(head, std::move(parser.get().body()));
    const bool keep_alive = parser.get().keep_alive() && !share_.closing;
    const bool left = answer.content
                          ? co_await write_pieces(answer, parser.get().version(), keep_alive)
                          : co_await write_whole(answer, parser.get().version(), keep_alive);
    --share_.answering;
    co_return keep_alive&& left;
  }

  asio::awaitable<bool> write_whole(const FrontAnswer& answer, unsigned version, bool keep_alive) {
    auto response = write_answer(answer, version, keep_alive);
    Problem problem;
    lowest().expires_after(share_.settings.write_timeout);
    co_await wire::async_write(stream_, response, quiet(problem));
    co_return !problem;
  }

  // False when the whole did not leave: the length was stated, so the reader sees that it is cut.
  asio::awaitable<bool> write_pieces(const FrontAnswer& answer, unsigned version, bool keep_alive) {
    const std::uint64_t size = answer.content->size();
    wire::response<wire::empty_body> response(static_cast<wire::status>(answer.status), version);
    write_head(response, answer, keep_alive);
    response.content_length(size);
    wire::response_serializer<wire::empty_body> serializer(response);
    Problem problem;
    lowest().expires_after(share_.settings.write_timeout);
    co_await wire::async_write_header(stream_, serializer, quiet(problem));
    std::vector<char> piece(std::min<std::uint64_t>(size, kLargestPiece));
    for (std::uint64_t offset = 0; !problem && offset < size;) {
      lowest().expires_never();
      const std::size_t count = co_await read_piece(*answer.content, offset, piece);
      if (count == 0) co_return false;
      lowest().expires_after(share_.settings.write_timeout);
      co_await asio::async_write(stream_, asio::buffer(piece.data(), count), quiet(problem));
      offset += count;
    }
    co_return !problem;
  }

  // 0: there is none.
  asio::awaitable<std::size_t> read_piece(FrontContent& content, std::uint64_t offset,
                                          std::span<char> into) {
    auto initiate = [this, &content, offset, into](auto completion) {
      auto waiting = std::make_shared<decltype(completion)>(std::move(completion));
      const bool posted =
          share_.pieces.post([&content, offset, into, &loop = share_.loop, waiting] {
            const std::size_t count = content.read(offset, into).value_or(0);
            asio::post(loop, [waiting, count] { (*waiting)(count); });
          });
      if (!posted) asio::post(share_.loop, [waiting] { (*waiting)(std::size_t{0}); });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::size_t)>(
        initiate, asio::use_awaitable);
  }

  asio::awaitable<FrontAnswer> ask(const FrontHead& head, std::string body) {
    auto initiate = [this, &head, &body](auto completion) {
      // Shared: the reply is a copyable function that lives with whoever answers.
      auto waiting = std::make_shared<decltype(completion)>(std::move(completion));
      share_.handler.handle(head, std::move(body),
                            [&loop = share_.loop, waiting](FrontAnswer answer) {
                              asio::post(loop, [waiting, answer = std::move(answer)]() mutable {
                                (*waiting)(std::move(answer));
                              });
                            });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(FrontAnswer)>(
        initiate, asio::use_awaitable);
  }

  // Answers, says that nothing follows, and takes in for a while what the peer still sends: a reset
  // would swallow the answer. Nothing of it is ever read as a request.
  asio::awaitable<void> answer_and_drain(FrontAnswer answer) {
    Problem problem;
    auto response = write_answer(answer, 11, false);
    lowest().expires_after(kDrainTime);
    co_await wire::async_write(stream_, response, quiet(problem));
    if (!problem) lowest().socket().shutdown(Tcp::socket::shutdown_send, problem);
    std::array<char, 8192> waste{};
    for (std::size_t taken = 0; !problem && taken < kDrainBytes;) {
      taken += co_await lowest().async_read_some(asio::buffer(waste), quiet(problem));
    }
  }

  Stream& stream_;
  ConversationShare& share_;
  std::string certificate_;  // what the client showed
  beast::flat_buffer buffer_;
};

}  // namespace

asio::awaitable<void> converse(Tcp::socket socket, ConversationShare& share) {
  Problem problem;
  socket.set_option(Tcp::no_delay(true), problem);
  if (share.settings.certificate.empty()) {
    PlainStream stream(std::move(socket));
    co_await Conversation(stream, share, {}).serve();
    co_return;
  }
  TlsStream stream(PlainStream(std::move(socket)), share.tls);
  beast::get_lowest_layer(stream).expires_after(share.settings.header_timeout);
  co_await stream.async_handshake(asio::ssl::stream_base::server, quiet(problem));
  if (problem) co_return;
  co_await Conversation(stream, share, certificate_of(stream.native_handle())).serve();
}

}  // namespace certbridge::http
