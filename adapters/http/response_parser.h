// Reads the bytes of one answer into its parts, strictly and within limits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/content.h"
#include "certbridge/result.h"

namespace certbridge::http {

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // names in lower case
  std::string body{};
  std::shared_ptr<const Content>
      stored{};  // instead of `body`, when it is large; shared as Message
  bool keep_alive = false;
};

// One parser reads one answer. Interim answers (1xx) are skipped.
class ResponseParser {
 public:
  // `head_only`: the answer to HEAD, which has no body whatever its headers say.
  ResponseParser(std::uint32_t max_header, std::uint64_t max_body, bool head_only);
  ~ResponseParser();
  // Takes all of `bytes`. "http.malformed", "http.too_large"; bytes after the answer's end are
  // malformed, because nobody asked for them.
  Result<void> feed(std::string_view bytes);
  // The server closed: the end of an answer without length, else "http.closed".
  Result<void> finish();
  bool done() const;
  // Status and headers, as soon as they are read; null before.
  const Response* head() const;
  // What is there of the body by now, which take() then lacks; and how much that would be.
  std::string take_body();
  std::size_t body_size() const;
  // Once done(): the answer.
  Response take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace certbridge::http
