// The parser of answers (adapters/http): in one piece or byte by byte, it reads the same.
#include <algorithm>

#include "fuzz.h"
#include "response_parser.h"

namespace certbridge::fuzz {
namespace {

constexpr std::uint32_t kLargestHead = 2048;
constexpr std::uint64_t kLargestBody = 16384;

struct Reading {
  bool failed = false;  // found out sooner or later: a cut one may just be incomplete
  bool done = false;
  http::Response response{};
};

Reading read_in_pieces(std::string_view input, std::size_t piece, bool head_only) {
  http::ResponseParser parser(kLargestHead, kLargestBody, head_only);
  Reading reading;
  for (std::size_t at = 0; at < input.size() && !reading.failed; at += piece) {
    const auto fed = parser.feed(input.substr(at, piece));
    reading.failed = !fed;
    if (!fed) require_refusal(fed.error(), input);
  }
  if (reading.failed) return reading;
  if (auto finished = parser.finish(); !finished) require_refusal(finished.error(), input);
  reading.done = parser.done();
  if (reading.done) reading.response = parser.take();
  return reading;
}

void check(std::string_view input, bool head_only) {
  const Reading whole = read_in_pieces(input, std::max<std::size_t>(input.size(), 1), head_only);
  const Reading bytes = read_in_pieces(input, 1, head_only);
  require(whole.done == bytes.done, "where an answer is cut changes nothing");
  if (!whole.done) return;
  require(whole.response.status == bytes.response.status, "the status is the same");
  require(whole.response.headers == bytes.response.headers, "the headers are the same");
  require(whole.response.body == bytes.response.body, "the body is the same");
  require(whole.response.keep_alive == bytes.response.keep_alive, "keep-alive is the same");
  require(whole.response.body.size() <= kLargestBody, "the limit of the body holds");
  require(!head_only || whole.response.body.empty(), "an answer to HEAD has no body");
}

}  // namespace

std::vector<std::string> samples() {
  return {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "2;x=y\r\n{}\r\n0\r\nTrailer: z\r\n\r\n",
          "HTTP/1.0 503 Busy\r\nRetry-After: 120\r\nConnection: close\r\n\r\nsome text",
          "HTTP/1.1 204 No Content\r\n\r\n",
          "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check(input, false);
  check(input, true);
  return 0;
}
