#include "target.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace certbridge::http {
namespace {

Error bad_url(const std::string& why) {
  return Error::fault("http.base_url", "the option base-url " + why);
}
Error bad_path(const std::string& why) {
  return Error::permanent("http.request", "the request's path " + why);
}

bool visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0) return {};
  return port;
}

Result<void> read_authority(Target& target, std::string_view authority) {
  std::string_view rest;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return bad_url("has no ] after its address");
    target.host = authority.substr(1, close - 1);
    rest = authority.substr(close + 1);
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    target.host = authority.substr(0, colon);
    rest = authority.substr(colon);
  }
  if (target.host.empty()) return bad_url("names no host");
  if (rest.empty()) return {};
  const auto port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
  if (!port) return bad_url("has a port that is not 1 to 65535");
  target.port = *port;
  return {};
}

// Encoded dots count as dots: servers decode them before they resolve the path.
bool is_dot_segment(std::string_view segment) {
  std::string plain;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool dot = segment.substr(i, 3) == "%2e" || segment.substr(i, 3) == "%2E";
    plain += dot ? '.' : segment[i];
    if (dot) i += 2;
  }
  return plain == "." || plain == "..";
}

bool has_dot_segment(std::string_view path) {
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    if (is_dot_segment(path.substr(0, end))) return true;
    path.remove_prefix(end);
  }
  return false;
}

}  // namespace

std::string Target::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool usual = port == (secure ? 443 : 80);
  return usual ? name : name + ":" + std::to_string(port);
}

Result<Target> parse_target(std::string_view base_url) {
  Target target;
  std::string_view rest;
  if (base_url.starts_with("http://")) {
    rest = base_url.substr(7);
  } else if (base_url.starts_with("https://")) {
    rest = base_url.substr(8);
    target.secure = true;
    target.port = 443;
  } else {
    return bad_url("is neither http:// nor https://");
  }
  if (!visible(rest) || rest.find_first_of("?#@") != std::string_view::npos) {
    return bad_url("holds a user name, query, fragment or blank");
  }
  const auto slash = std::min(rest.find('/'), rest.size());
  if (auto read = read_authority(target, rest.substr(0, slash)); !read) return read.error();
  target.prefix = rest.substr(slash);
  while (target.prefix.ends_with('/')) target.prefix.pop_back();
  return target;
}

Result<std::string> join_path(const Target& target, std::string_view path) {
  if (!path.starts_with('/')) return bad_path("does not begin with a slash");
  if (!visible(path) || path.find('#') != std::string_view::npos) {
    return bad_path("holds a blank, a fragment or a character that is not encoded");
  }
  if (path.starts_with("//") && target.prefix.empty()) return bad_path("begins with two slashes");
  if (has_dot_segment(path)) return bad_path("holds a segment . or ..");
  return target.prefix + std::string(path);
}

}  // namespace certbridge::http
