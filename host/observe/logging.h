// Structured logs: one line for each event, as JSON or for people.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "certbridge/context.h"

namespace certbridge::host {

enum class LogFormat : std::uint8_t { kJson = 1, kText = 2 };

// Where lines go. Any thread may write; a line is never torn.
class LogOutput {
 public:
  // `write` is called with one complete line, newline included, under a lock.
  LogOutput(LogFormat format, LogLevel least, const Clock& clock,
            std::function<void(const std::string&)> write);
  void write(LogLevel level, std::string_view endpoint, std::string_view event,
             const LogFields& fields);

 private:
  // What every line has, in front of the event's own fields.
  LogFields members(LogLevel level, std::string_view endpoint, std::string_view event) const;
  static std::string as_json(const LogFields& members);
  static std::string as_text(const LogFields& members);

  LogFormat format_;
  LogLevel least_;
  const Clock& clock_;
  std::mutex mutex_{};
  std::function<void(const std::string&)> write_;
};

// A logger that adds an endpoint's name (empty: the host itself). `output` outlives it.
std::unique_ptr<Logger> make_logger(LogOutput& output, std::string endpoint);

// A plain array: a thread_local with a destructor would pin libraries.
using TraceName = std::array<char, 64>;

// Names the trace and the route that this thread works on, for as long as it lives; log lines carry
// them. Longer names are cut. Scopes may nest: the outer one is in force again after the inner.
class TraceScope {
 public:
  TraceScope(std::string_view trace_id, std::string_view route);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  TraceName outer_trace_;
  TraceName outer_route_;
};

}  // namespace certbridge::host
