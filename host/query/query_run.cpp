#include "query/query_run.h"

#include "access/policy/access_policy.h"
#include "access/policy/decision_codes.h"
#include "certbridge/text.h"
#include "journal/cipher.h"
#include "query/case_question.h"
#include "query/request_by.h"

namespace certbridge::host {
namespace {

AccessKind access_kind(QueryKind kind) {
  switch (kind) {
    case QueryKind::kFind:
      return AccessKind::kQuery;
    case QueryKind::kFile:
      return AccessKind::kFile;
    case QueryKind::kVerify:
      return AccessKind::kVerification;
    case QueryKind::kAvailability:
      return AccessKind::kAvailability;
    case QueryKind::kCompare:
      return AccessKind::kComparison;
  }
  return AccessKind::kQuery;
}

AccessRequest access_request(QueryKind kind, const Query& query, Caller caller, Timestamp now) {
  AccessRequest request = request_by(std::move(caller), query);
  request.kind = access_kind(kind);
  request.holder = query.holder;
  request.identifier = query.identifier;
  request.number = query.number;
  request.types = query.types;
  request.original_file = query.original;
  request.when = now;
  return request;
}

}  // namespace

QueryRun::QueryRun(QueryDesk::Parts& desk, QueryKind kind, SignedRequest request,
                   QueryDesk::Reply reply)
    : desk_(desk),
      kind_(kind),
      signed_(std::move(request)),
      replier_(desk, to_text(kind), std::move(reply)),
      trace_id_(to_hex_text(random_bytes(8))) {}

void QueryRun::begin() {
  guarded([](QueryRun& run) { run.identify_and_ask(); });
}

void QueryRun::identify_and_ask() {
  if (const auto understood = understand(); !understood) return refuse(understood.error());
  const std::string limit = desk_.given.patterns.refusal(request_);
  if (!limit.empty()) return deny_for(limit);
  needed_ = needed_facts(desk_.given.policy, request_);
  if (needed_.of_the_case) return ask_case();
  count_uses();
  decide_now();
}

Result<void> QueryRun::understand() {
  auto caller = desk_.given.callers.identify(signed_);
  if (!caller) return caller.error();
  route_ = desk_.route_for(kind_);
  if (route_ == nullptr) {
    return Error::permanent("query.no_route", "no query route answers `" + to_text(kind_) + "`");
  }
  auto query = read_query(kind_, signed_.body);
  signed_ = {};  // a file in it is large
  if (!query) return query.error();
  query_ = std::move(query).value();
  request_ = access_request(kind_, query_, std::move(caller).value(), desk_.given.clock.now());
  return {};
}

void QueryRun::ask_case() {
  if (route_->case_endpoint.empty()) {
    facts_.case_trouble = "query.no_case_responder";
    count_uses();
    return decide_now();
  }
  SourceCall call;
  call.endpoint = route_->case_endpoint;
  CaseAsked asked = case_question(request_.ground, request_.provisional);
  call.question = std::move(asked.message);
  call.same = call.endpoint + "\n" + asked.body;
  call.trace_id = trace_id_;
  call.deadline = std::chrono::steady_clock::now() + route_->case_timeout;
  call.here = true;
  desk_.calls.ask(std::move(call), [self = shared_from_this()](const Result<Message>& answer) {
    self->resume_with(answer, &QueryRun::case_came);
  });
}

// Whatever went wrong means that it is not known, and so that nothing is allowed by it.
void QueryRun::case_came(const Result<Message>& answer) {
  auto facts = case_facts_in(answer);
  if (facts) {
    facts_.case_facts = std::move(facts).value();
  } else {
    facts_.case_trouble = facts.error().code;
  }
  count_uses();
  decide_now();
}

void QueryRun::count_uses() {
  if (!needed_.uses) return;
  auto counted =
      desk_.given.uses.count(request_.ground_kind, request_.ground, request_.caller.unit);
  facts_.uses_known = counted.ok();
  if (!counted) return;
  facts_.uses = counted.value().uses;
  hold_ = std::move(counted.value().hold);
}

void QueryRun::decide_now() {
  decision_ = decide(desk_.given.policy, request_, facts_);
  decided_ = desk_.given.clock.now();
  flags_ = desk_.given.patterns.flags(request_, decision_);
  if (!decision_.allowed) return deny();
  go_on_allowed();
}

// Whoever asks more than he may is denied before anything is learned for him.
void QueryRun::deny_for(const std::string& limit) {
  decision_ = {};
  decision_.code = limit;
  decision_.sentence = sentence_of(limit);
  decision_.policy = desk_.given.policy.version();
  decided_ = desk_.given.clock.now();
  flags_ = desk_.given.patterns.flags(request_, decision_);
  deny();
}

void QueryRun::deny() {
  Answer answer;
  answer.frame = {decision_.code, decision_.sentence, 0, {}, false, {}};
  answer.status = 403;
  finish(answer);
}

void QueryRun::go_on_allowed() {
  if (needs_copy() && !route_->copy) return answer_no_copier();
  ask_sources();
}

}  // namespace certbridge::host
