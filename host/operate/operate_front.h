// Where operations come in: the local socket, and HTTP when it is configured.
#pragma once

#include <memory>

#include "operate/authority.h"

namespace certbridge::host {

class OperateFront {
 public:
  virtual ~OperateFront() = default;
  virtual std::uint16_t port() const = 0;  // of HTTP; 0 when there is none
  // Nothing is answered any more.
  virtual void stop() = 0;
};

// Listens on the socket (whoever may reach its folder may connect; who he is tells the operating
// system) and on the address, if any. `desk` outlives it. The socket has threads of its own, so
// that nobody on HTTP keeps an operator out. "operate.listen" when one of them cannot be bound.
Result<std::unique_ptr<OperateFront>> open_operate_front(const OperateConfig& configuration,
                                                         OperationDesk& desk);

}  // namespace certbridge::host
