#include "query/paper.h"

#include "access/policy/decision.h"
#include "certbridge/text.h"
#include "journal/cipher.h"
#include "journal/stop_point.h"
#include "query/answer_body.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kLongestAfter{24};

bool found_nothing(const AccessRecord& record) {
  const bool query = record.kind == AccessKind::kQuery || record.kind == AccessKind::kFile ||
                     record.kind == AccessKind::kAvailability ||
                     record.kind == AccessKind::kVerification ||
                     record.kind == AccessKind::kComparison;
  return query && (record.result == "none-found" || record.result == "sources-unavailable");
}

Error no_such_record() {
  return Error::permanent("query.no_such_record",
                          "no query of yours of the last day has this record and found nothing");
}

// Which of it is not so is nobody's business who did not make the query.
Result<AccessRecord> query_of(QueryDesk::Parts& desk, std::uint64_t number, const Caller& caller) {
  const auto earlier = desk.given.earlier.record(number);
  const Timestamp now = desk.given.clock.now();
  if (earlier && found_nothing(earlier.value().record) &&
      earlier.value().record.system == caller.system &&
      earlier.value().record.unit == caller.unit && now - earlier.value().written < kLongestAfter) {
    return earlier.value().record;
  }
  return no_such_record();
}

// What was asked then, by whoever asks now: the facts are those of the query.
struct PaperDecision {
  AccessRequest request{};
  AccessFacts facts{};
  Decision decision{};
};

Result<PaperDecision> decide_paper(QueryDesk::Parts& desk, const AccessRecord& query,
                                   const Caller& caller) {
  auto inputs = parse_inputs(query.inputs);
  if (!inputs) return no_such_record();
  PaperDecision paper{std::move(inputs.value().request), std::move(inputs.value().facts), {}};
  paper.request.kind = AccessKind::kPaperAccepted;
  paper.request.caller = caller;
  paper.request.when = desk.given.clock.now();
  paper.decision = decide(desk.given.policy, paper.request, paper.facts);
  return paper;
}

AccessRecord paper_record(AccessRecord record, const PaperAccepted& accepted,
                          const PaperDecision& paper) {
  const Caller& caller = paper.request.caller;
  record.kind = AccessKind::kPaperAccepted;
  record.trace_id = to_hex_text(random_bytes(8));
  record.person = caller.person ? caller.person->id : std::string();
  record.level = caller.person ? caller.person->level : std::string();
  if (!accepted.type.empty()) record.certificate_type = accepted.type;
  record.decision = paper.decision.allowed ? AccessDecision::kAllowed : AccessDecision::kDenied;
  record.code = paper.decision.code;
  record.policy = paper.decision.policy;
  record.inputs = write_inputs(paper.request, paper.facts);
  record.disclosed.clear();  // the sources and what they said stay: why paper was taken
  record.disclosed_digest.clear();
  record.result = paper.decision.allowed ? "paper-accepted" : "refused";
  record.refers_to = accepted.record;
  record.asked = record.decided = paper.request.when;
  return record;
}

QueryResponse paper_response(const Decision& decision, std::uint64_t number) {
  QueryResponse response;
  response.status = decision.allowed ? 200 : 403;
  response.headers["X-CB-Record"] = std::to_string(number);
  AnswerFrame frame;
  frame.code = decision.allowed ? "paper-accepted" : decision.code;
  if (!decision.allowed) frame.message = decision.sentence;
  frame.record = number;
  response.body = answer_text(frame, {});
  return response;
}

}  // namespace

void accept_paper(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto accepted = read_paper_accepted(request.body);
  if (!accepted) return replier.refuse(accepted.error());
  auto query = query_of(desk, accepted.value().record, caller.value());
  if (!query) return replier.refuse(query.error());
  const auto paper = decide_paper(desk, query.value(), caller.value());
  if (!paper) return replier.refuse(paper.error());
  stop_point("query.before_record");
  const auto place = desk.given.recorder.append(
      paper_record(std::move(query).value(), accepted.value(), paper.value()));
  stop_point("query.after_record");
  if (!place) return replier.refuse(place.error());
  const Decision& decision = paper.value().decision;
  replier.give(paper_response(decision, place.value().number),
               decision.allowed ? "paper-accepted" : decision.code);
}

}  // namespace certbridge::host
