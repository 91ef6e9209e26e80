// What the head of a request alone decides: how it is framed, and how an early answer is worded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "certbridge_front/http_front.h"

namespace certbridge::http {

// What a head says about where its body ends and whom it is for.
struct Framing {
  unsigned version = 11;  // 10 or 11
  std::size_t hosts = 0;
  std::size_t lengths = 0;             // Content-Length headers
  std::vector<std::string> codings{};  // values of the Transfer-Encoding headers
};

// An answer with a JSON body of code and message.
FrontAnswer early_answer(int status, const std::string& code, const std::string& message);

// What two readers could frame differently, or address to different hosts.
std::optional<FrontAnswer> refuse_framing(const Framing& framing);

// The charset that a Content-Type names, in lower case; empty when it names none.
std::string charset_of(std::string_view content_type);

}  // namespace certbridge::http
