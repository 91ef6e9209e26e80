// Structured logs: one line for each event, as JSON or for people.
#pragma once

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
  std::string as_json(LogLevel level, std::string_view endpoint, std::string_view event,
                      const LogFields& fields) const;
  std::string as_text(LogLevel level, std::string_view endpoint, std::string_view event,
                      const LogFields& fields) const;

  LogFormat format_;
  LogLevel least_;
  const Clock& clock_;
  std::mutex mutex_{};
  std::function<void(const std::string&)> write_;
};

// A logger that adds an endpoint's name (empty: the host itself). `output` outlives it.
std::unique_ptr<Logger> make_logger(LogOutput& output, std::string endpoint);

// Names the trace that this thread works on, for as long as it lives; log lines carry it.
class TraceScope {
 public:
  TraceScope(std::string_view trace_id, std::string_view route);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;
};

}  // namespace certbridge::host
