#include "observe/logging.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>

#include "certbridge/text.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

struct TraceNames {
  TraceName trace;
  TraceName route;
};
thread_local TraceNames current_trace{};

void copy_into(TraceName& target, std::string_view text) {
  const std::size_t length = std::min(text.size(), target.size() - 1);
  std::memcpy(target.data(), text.data(), length);
  target[length] = '\0';
}

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// What a line may hold: UTF-8. Bytes that are none are shown as question marks.
std::string readable(std::string_view text) {
  std::string shown(text);
  if (decode_utf8(text)) return shown;
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; },
      '?');
  return shown;
}

// A value for people: as it is, or quoted where it could be taken for something else.
std::string quoted_where_needed(std::string_view text) {
  const std::string shown = readable(text);
  const bool plain = std::none_of(shown.begin(), shown.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '"' || c == '=';
  });
  return plain && !shown.empty() ? shown : boost::json::serialize(boost::json::string(shown));
}

class EndpointLogger final : public Logger {
 public:
  EndpointLogger(LogOutput& output, std::string endpoint)
      : output_(output), endpoint_(std::move(endpoint)) {}
  void log(LogLevel level, std::string_view event, const LogFields& fields) override {
    output_.write(level, endpoint_, event, fields);
  }

 private:
  LogOutput& output_;
  std::string endpoint_;
};

}  // namespace

LogOutput::LogOutput(LogFormat format, LogLevel least, const Clock& clock,
                     std::function<void(const std::string&)> write)
    : format_(format), least_(least), clock_(clock), write_(std::move(write)) {}

void LogOutput::write(LogLevel level, std::string_view endpoint, std::string_view event,
                      const LogFields& fields) {
  if (level < least_) return;
  LogFields all = members(level, endpoint, event);
  all.insert(all.end(), fields.begin(), fields.end());
  const std::string line = format_ == LogFormat::kJson ? as_json(all) : as_text(all);
  const std::lock_guard lock(mutex_);
  write_(line);
}

LogFields LogOutput::members(LogLevel level, std::string_view endpoint,
                             std::string_view event) const {
  LogFields all{{"time", to_iso8601(clock_.now())},
                {"level", level_name(level)},
                {"event", std::string(event)}};
  if (!endpoint.empty()) all.emplace_back("endpoint", endpoint);
  if (current_trace.trace[0] != '\0') all.emplace_back("trace", current_trace.trace.data());
  if (current_trace.route[0] != '\0') all.emplace_back("route", current_trace.route.data());
  return all;
}

std::string LogOutput::as_json(const LogFields& members) {
  boost::json::object line;
  for (const auto& [name, value] : members) line.emplace(readable(name), readable(value));
  return boost::json::serialize(line) + "\n";
}

std::string LogOutput::as_text(const LogFields& members) {
  std::string line;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& [name, value] = members[i];
    // Time, level and event need no name: they stand first in every line.
    line += i == 0 ? value : " " + (i < 3 ? value : name + "=" + quoted_where_needed(value));
  }
  return line + "\n";
}

std::unique_ptr<Logger> make_logger(LogOutput& output, std::string endpoint) {
  return std::make_unique<EndpointLogger>(output, std::move(endpoint));
}

TraceScope::TraceScope(std::string_view trace_id, std::string_view route)
    : outer_trace_(current_trace.trace), outer_route_(current_trace.route) {
  copy_into(current_trace.trace, trace_id);
  copy_into(current_trace.route, route);
}
TraceScope::~TraceScope() {
  current_trace.trace = outer_trace_;
  current_trace.route = outer_route_;
}

}  // namespace certbridge::host
