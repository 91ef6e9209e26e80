#include "observe/logging.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

// Plain arrays: a thread_local with a destructor would pin libraries.
struct TraceNames {
  std::array<char, 64> trace;
  std::array<char, 64> route;
};
thread_local TraceNames current_trace{};

void copy_into(std::array<char, 64>& target, std::string_view text) {
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

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_json_member(std::string& out, std::string_view name, std::string_view value) {
  out.push_back(out.size() == 1 ? ' ' : ',');
  append_json_text(out, name);
  out.push_back(':');
  append_json_text(out, value);
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
  const std::string line = format_ == LogFormat::kJson ? as_json(level, endpoint, event, fields)
                                                       : as_text(level, endpoint, event, fields);
  const std::lock_guard lock(mutex_);
  write_(line);
}

std::string LogOutput::as_json(LogLevel level, std::string_view endpoint, std::string_view event,
                               const LogFields& fields) const {
  std::string line = "{";
  append_json_member(line, "time", to_iso8601(clock_.now()));
  append_json_member(line, "level", level_name(level));
  append_json_member(line, "event", event);
  if (!endpoint.empty()) append_json_member(line, "endpoint", endpoint);
  if (current_trace.trace[0] != '\0') append_json_member(line, "trace", current_trace.trace.data());
  if (current_trace.route[0] != '\0') append_json_member(line, "route", current_trace.route.data());
  for (const auto& [name, value] : fields) append_json_member(line, name, value);
  return line + "}\n";
}

std::string LogOutput::as_text(LogLevel level, std::string_view endpoint, std::string_view event,
                               const LogFields& fields) const {
  std::string line = to_iso8601(clock_.now()) + " " + level_name(level) + " " + std::string(event);
  if (!endpoint.empty()) line += " endpoint=" + std::string(endpoint);
  if (current_trace.trace[0] != '\0') line += std::string(" trace=") + current_trace.trace.data();
  for (const auto& [name, value] : fields) line += " " + name + "=" + value;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line + "\n";
}

std::unique_ptr<Logger> make_logger(LogOutput& output, std::string endpoint) {
  return std::make_unique<EndpointLogger>(output, std::move(endpoint));
}

TraceScope::TraceScope(std::string_view trace_id, std::string_view route) {
  copy_into(current_trace.trace, trace_id);
  copy_into(current_trace.route, route);
}
TraceScope::~TraceScope() {
  current_trace.trace[0] = '\0';
  current_trace.route[0] = '\0';
}

}  // namespace certbridge::host
