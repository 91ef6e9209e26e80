// What all queries of a desk share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "query/answer_cache.h"
#include "query/bounded_pool.h"
#include "query/query_desk.h"
#include "query/source_calls.h"
#include "query/timer.h"

namespace certbridge::host {

class QueryDesk::Parts {
 public:
  explicit Parts(const QueryParts& all);
  ~Parts();

  // False when so many are under way as may be, or the desk is stopping. Each one that was let in
  // leaves once.
  bool let_in();
  void leave();
  // The first route, in order of files, that answers the kind; null: none does.
  const QueryRouteConfig* route_for(QueryKind kind) const;
  // Null: the route keeps nothing.
  AnswerCache* cache_of(const QueryRouteConfig& route) const;
  void stop();

  QueryParts given;
  Timer timer{};
  // Identifies, decides, discloses and records; and asks sources with as many threads more as may
  // ask at once, so that those others never wait for one.
  BoundedPool pool;
  SourceCalls calls;

 private:
  std::map<const QueryRouteConfig*, std::unique_ptr<AnswerCache>> caches_{};
  std::mutex mutex_{};
  std::condition_variable left_{};
  std::size_t under_way_ = 0;
  bool stopping_ = false;
};

// A query that is under way: its reply is given once, and then the desk has room for another.
class Replier {
 public:
  Replier(QueryDesk::Parts& desk, std::string kind, QueryDesk::Reply reply);
  // `code` is for the metrics. What comes after the first is dropped.
  void give(QueryResponse response, const std::string& code);
  void refuse(const Error& error);

 private:
  QueryDesk::Parts& desk_;
  std::string kind_;
  QueryDesk::Reply reply_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace certbridge::host
