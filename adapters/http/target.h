// Where requests go: the parts of a base URL and how a path is joined to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::http {

struct Target {
  bool secure = false;
  std::string host{};  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string prefix{};  // path of the base URL without a slash at its end

  // "host" or "host:port", as the Host header has it.
  std::string authority() const;
};

// Only http and https, no user name, no query and no fragment: "http.base_url".
Result<Target> parse_target(std::string_view base_url);

// The request target: prefix and path. The path must begin with a slash and hold nothing but
// visible ASCII, and no segment "." or ".." that would leave the prefix: "http.request".
Result<std::string> join_path(const Target& target, std::string_view path);

}  // namespace certbridge::http
