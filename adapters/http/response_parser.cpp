#include "response_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <optional>

namespace certbridge::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::response_parser<beast::http::string_body>;

// More interim answers than this are an attack on patience.
constexpr int kMostInterim = 8;

Error malformed(const std::string& why) {
  return Error::retryable("http.malformed", "the server's answer is not proper HTTP: " + why);
}

Error classify(const boost::system::error_code& problem) {
  if (problem == beast::http::error::body_limit || problem == beast::http::error::header_limit) {
    return Error::permanent("http.too_large",
                            "the server's answer is above the limit: " + problem.message() +
                                "; raise max-response or max-header if it is right");
  }
  return malformed(problem.message());
}

std::string lower(std::string_view text) {
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

}  // namespace

struct ResponseParser::State {
  std::uint32_t max_header;
  std::uint64_t max_body;
  bool head_only;
  std::unique_ptr<Parser> parser{};
  std::string pending{};  // bytes of a head that is not complete yet
  std::optional<Response> head{};
  int interim = 0;

  void renew() {
    parser = std::make_unique<Parser>();
    parser->header_limit(max_header);
    parser->body_limit(max_body);
    parser->skip(head_only);
  }
  // Beast frames by the last coding only; anything but plain chunked would be read wrongly.
  Result<void> check_framing() const {
    const auto& fields = parser->get();
    const auto codings = fields.equal_range(beast::http::field::transfer_encoding);
    const auto count = std::distance(codings.first, codings.second);
    if (count == 0) return {};
    if (count > 1 || !beast::iequals(codings.first->value(), "chunked")) {
      return malformed("a transfer coding other than chunked");
    }
    return {};
  }
  Result<void> note_head() {
    if (head || !parser->is_header_done()) return {};
    if (auto framed = check_framing(); !framed) return framed;
    Response response;
    response.status = static_cast<int>(parser->get().result_int());
    for (const auto& field : parser->get()) {
      const auto name = field.name_string();
      const auto value = field.value();
      response.headers.emplace_back(lower({name.data(), name.size()}),
                                    std::string(value.data(), value.size()));
    }
    head = std::move(response);
    // Only from here on: fields that trail the body are none of the head's, however the bytes came.
    parser->eager(true);
    return {};
  }
};

ResponseParser::ResponseParser(std::uint32_t max_header, std::uint64_t max_body, bool head_only)
    : state_(std::make_unique<State>(State{max_header, max_body, head_only})) {
  state_->renew();
}
ResponseParser::~ResponseParser() = default;

Result<void> ResponseParser::feed(std::string_view bytes) {
  std::string joined;
  if (!state_->pending.empty()) {
    joined = std::move(state_->pending) + std::string(bytes);
    state_->pending.clear();
    bytes = joined;
  }
  while (!bytes.empty()) {
    if (done()) return malformed("bytes follow its end");
    boost::system::error_code problem;
    const std::size_t used =
        state_->parser->put(boost::asio::buffer(bytes.data(), bytes.size()), problem);
    bytes.remove_prefix(used);
    if (problem == beast::http::error::need_more) {
      state_->pending = bytes;
      return state_->note_head();
    }
    if (problem) return classify(problem);
    if (auto noted = state_->note_head(); !noted) return noted;
    const bool interim =
        state_->head && state_->head->status / 100 == 1 && state_->parser->is_done();
    if (interim && state_->head->status != 101) {
      if (++state_->interim > kMostInterim) return malformed("too many interim answers");
      state_->head.reset();
      state_->renew();
    } else if (used == 0) {
      return malformed("it cannot be read on");
    }
  }
  return {};
}

Result<void> ResponseParser::finish() {
  if (done()) return {};
  boost::system::error_code problem;
  if (state_->head && state_->pending.empty()) state_->parser->put_eof(problem);
  if (problem || !done()) {
    return Error::retryable("http.closed", "the server closed before its answer was complete");
  }
  return {};
}

bool ResponseParser::done() const { return state_->head.has_value() && state_->parser->is_done(); }

const Response* ResponseParser::head() const { return state_->head ? &*state_->head : nullptr; }

std::string ResponseParser::take_body() {
  std::string body = std::move(state_->parser->get().body());
  state_->parser->get().body().clear();
  return body;
}

std::size_t ResponseParser::body_size() const { return state_->parser->get().body().size(); }

Response ResponseParser::take() {
  Response response = std::move(*state_->head);
  response.keep_alive = state_->parser->keep_alive();
  response.body = std::move(state_->parser->get().body());
  return response;
}

}  // namespace certbridge::http
