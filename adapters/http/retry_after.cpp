#include "retry_after.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Exception.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace certbridge::http {
namespace {

constexpr std::chrono::seconds kMost{24 * 3600};

std::chrono::milliseconds bounded(std::int64_t seconds) {
  const std::int64_t most = kMost.count();
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, most));
}

std::optional<std::int64_t> parse_date(const std::string& text) {
  for (const std::string& form :
       {Poco::DateTimeFormat::HTTP_FORMAT, Poco::DateTimeFormat::RFC850_FORMAT,
        Poco::DateTimeFormat::ASCTIME_FORMAT}) {
    Poco::DateTime date;
    int zone = 0;
    try {
      if (Poco::DateTimeParser::tryParse(form, text, date, zone))
        return date.timestamp().epochTime();
    } catch (const Poco::Exception&) {
      continue;
    }
  }
  return {};
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Timestamp now) {
  if (text.empty() || text.size() > 64) return {};
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return problem == std::errc() ? bounded(seconds) : kMost;
  }
  const auto then = parse_date(std::string(text));
  if (!then) return {};
  return bounded(*then -
                 std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

}  // namespace certbridge::http
