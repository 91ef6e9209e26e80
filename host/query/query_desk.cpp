#include "query/query_desk.h"

#include <map>

#include "query/desk_services.h"
#include "query/query_run.h"

namespace certbridge::host {
namespace {

// Threads beside those that ask: they wait for nothing but the record on its way to the disk, which
// is made durable together with those of the others: where a sync takes 10 ms, sixteen of them
// could record no more than 1,600 in a second.
constexpr std::size_t kThreads = 64;
constexpr std::size_t kMostUnderWay = 1024;
constexpr std::chrono::seconds kBusyFor{1};

Error busy() {
  Error error = Error::retryable("query.busy", "as many queries as there may be are under way");
  error.retry_after = kBusyFor;
  return error;
}

}  // namespace

QueryDesk::Parts::Parts(const QueryParts& all)
    : given(all),
      pool("query", kThreads + calls_at_once(all.endpoints), kMostUnderWay),
      calls(all.endpoints, timer, pool) {
  for (const QueryRouteConfig& route : given.configuration.routes) {
    if (!route.cache) continue;
    caches_[&route] = std::make_unique<AnswerCache>(*route.cache, route.name, given.clock,
                                                    given.metrics, given.deliveries);
  }
}

QueryDesk::Parts::~Parts() { stop(); }

bool QueryDesk::Parts::let_in() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || under_way_ >= kMostUnderWay) return false;
  ++under_way_;
  return true;
}

void QueryDesk::Parts::leave() {
  const std::lock_guard lock(mutex_);
  --under_way_;
  left_.notify_all();
}

const QueryRouteConfig* QueryDesk::Parts::route_for(QueryKind kind) const {
  for (const QueryRouteConfig& route : given.configuration.routes) {
    if (route.answers.contains(kind)) return &route;
  }
  return nullptr;
}

AnswerCache* QueryDesk::Parts::cache_of(const QueryRouteConfig& route) const {
  const auto found = caches_.find(&route);
  return found == caches_.end() ? nullptr : found->second.get();
}

void QueryDesk::Parts::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  calls.stop();
  {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [this] { return under_way_ == 0; });
  }
  // Whose time was up may have given the last reply, and goes on to the next source still.
  timer.stop();
  pool.join();
}

Replier::Replier(QueryDesk::Parts& desk, std::string kind, QueryDesk::Reply reply)
    : desk_(desk), kind_(std::move(kind)), reply_(std::move(reply)) {}

void Replier::give(QueryResponse response, const std::string& code) {
  if (!reply_) return;
  MetricsRegistry& metrics = desk_.given.metrics;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  metrics.count("queries", {{"kind", kind_}, {"code", code}}, 1);
  metrics.observe("query_seconds", {{"kind", kind_}}, took.count());
  reply_(std::move(response));
  reply_ = nullptr;
  desk_.leave();
}

void Replier::refuse(const Error& error) { give(refusal(error), error.code); }

QueryDesk::QueryDesk(const QueryParts& parts) : parts_(std::make_unique<Parts>(parts)) {}
QueryDesk::~QueryDesk() = default;

void QueryDesk::answer(QueryKind kind, SignedRequest request, Reply reply) {
  if (!parts_->let_in()) return reply(refusal(busy()));
  auto run = std::make_shared<QueryRun>(*parts_, kind, std::move(request), std::move(reply));
  if (!parts_->pool.submit([run] { run->begin(); })) run->refuse(busy());
}

void QueryDesk::serve(const DeskService& service, SignedRequest request, Reply reply) {
  if (!parts_->let_in()) return reply(refusal(busy()));
  auto replier = std::make_shared<Replier>(*parts_, service.name, std::move(reply));
  const auto work = [this, replier, &service, request = std::move(request)] {
    try {
      service.serve(*parts_, request, *replier);
    } catch (const std::exception&) {
      replier->refuse(Error::fault("query.failed", "it could not be worked on to its end"));
    }
  };
  if (!parts_->pool.submit(work)) replier->refuse(busy());
}

void QueryDesk::stop() { parts_->stop(); }

}  // namespace certbridge::host
