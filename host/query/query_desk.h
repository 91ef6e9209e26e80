// Answers queries: who asks, may he, what do the sources have, what of it may leave; recorded
// before anything leaves. Knows nothing of connections.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "query/parts.h"
#include "query/query.h"

namespace certbridge::host {

struct DeskService;  // desk_services.h

// Owns the threads "query" and "query-timer". Any thread may call.
class QueryDesk {
 public:
  using Reply = std::function<void(QueryResponse response)>;

  explicit QueryDesk(const QueryParts& parts);
  ~QueryDesk();
  QueryDesk(const QueryDesk&) = delete;
  QueryDesk& operator=(const QueryDesk&) = delete;

  // `reply` is called once, on another thread, or on this one when nothing more can be taken
  // ("query.busy"). Never waits.
  void answer(QueryKind kind, SignedRequest request, Reply reply);
  // The same for one of desk_services().
  void serve(const DeskService& service, SignedRequest request, Reply reply);
  // Takes nothing more, tells the sources to stop, and returns once every reply was given.
  void stop();

  class Parts;  // query_run.h, for this folder alone

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::host
