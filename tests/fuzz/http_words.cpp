// Small words of HTTP (adapters/http): Retry-After, base URLs, paths that plugins ask for.
#include "fuzz.h"
#include "retry_after.h"
#include "target.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  return {"120",
          "Fri, 31 Dec 1999 23:59:59 GMT",
          "Friday, 31-Dec-99 23:59:59 GMT",
          "Fri Dec 31 23:59:59 1999",
          "https://library.example:8443/base",
          "http://[::1]:80/",
          "/rest/cert/query?id=%E8%B1%AB",
          "/a/../b",
          "99999999999999999999"};
}

namespace {

bool leaves_prefix(std::string_view path) {
  return path.find("/../") != std::string_view::npos || path.ends_with("/..");
}

void check_join(const http::Target& target, std::string_view input) {
  const auto joined = http::join_path(target, input);
  if (!joined) return require_refusal(joined.error(), input);
  require(joined.value().starts_with(target.prefix), "a path stays below the base");
  const std::string_view path = std::string_view(joined.value()).substr(target.prefix.size());
  require(!leaves_prefix(path.substr(0, path.find('?'))), "no segment leaves the base");
  require(path.find_first_of("\r\n ") == std::string_view::npos, "a path is one word");
}

}  // namespace
}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const Timestamp now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
  if (const auto wait = http::parse_retry_after(input, now)) {
    require(wait->count() >= 0 && *wait <= std::chrono::hours(24), "a wait is 0 to 24 hours");
  }
  static const http::Target base = http::parse_target("https://library.example/base").value();
  check_join(base, input);
  const auto target = http::parse_target(input);
  if (target) {
    require(!target.value().host.empty() && target.value().port != 0, "a target can be reached");
  } else {
    require_refusal(target.error(), input);
  }
  return 0;
}
