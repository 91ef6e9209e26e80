// The small HTTP front for metrics and health. Answers GET only; nothing about certificates.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "certbridge/result.h"

namespace certbridge::host {

struct FrontAnswer {
  int status = 200;
  std::string media_type{"application/json"};
  std::string body{};
};

class ObserveFront {
 public:
  virtual ~ObserveFront() = default;
  virtual std::uint16_t port() const = 0;
  virtual void stop() = 0;
};

// Listens on "host:port" (port 0: any). `answer` is called with the path, on the front's own two
// threads. "observe.listen" when the address cannot be bound.
Result<std::unique_ptr<ObserveFront>> open_observe_front(
    const std::string& address, std::function<FrontAnswer(const std::string& path)> answer);

}  // namespace certbridge::host
