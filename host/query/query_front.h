// The HTTP front for queries.
#pragma once

#include <cstdint>
#include <memory>

#include "config/queries_config.h"
#include "query/query_desk.h"

namespace certbridge::host {

class QueryFront {
 public:
  virtual ~QueryFront() = default;
  virtual std::uint16_t port() const = 0;
  // Takes nothing more; answers still leave.
  virtual void close() = 0;
  // Once the desk has given every reply.
  virtual void stop() = 0;
};

// POST /api/v1/queries/certificates, file, verification, comparison, availability, and POST
// /api/v1/paper-accepted; docs/queries.md. Errors: "http.listen", "http.tls".
Result<std::unique_ptr<QueryFront>> open_query_front(const QueriesConfig& configuration,
                                                     QueryDesk& desk);

}  // namespace certbridge::host
