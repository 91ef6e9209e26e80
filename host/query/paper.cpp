#include "query/paper.h"

#include "journal/cipher.h"
#include "journal/content_file.h"
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

// Which of it is not so is nobody's business who did not make the query.
Result<AccessRecord> query_of(QueryDesk::Parts& desk, std::uint64_t number, const Caller& caller) {
  const auto earlier = desk.given.earlier.record(number);
  const Timestamp now = desk.given.clock.now();
  if (earlier && found_nothing(earlier.value().record) &&
      earlier.value().record.system == caller.system &&
      earlier.value().record.unit == caller.unit && now - earlier.value().written < kLongestAfter) {
    return earlier.value().record;
  }
  return Error::permanent("query.no_such_record",
                          "no query of yours of the last day has this record and found nothing");
}

AccessRecord paper_record(AccessRecord record, const PaperAccepted& accepted, const Caller& caller,
                          Timestamp now) {
  record.kind = AccessKind::kPaperAccepted;
  record.trace_id = to_hex_text(random_bytes(8));
  record.person = caller.person ? caller.person->id : std::string();
  record.level = caller.person ? caller.person->level : std::string();
  if (!accepted.type.empty()) record.certificate_type = accepted.type;
  record.inputs.clear();
  record.sources.clear();
  record.disclosed.clear();
  record.disclosed_digest.clear();
  record.result = "paper-accepted";
  record.refers_to = accepted.record;
  record.asked = record.decided = now;
  return record;
}

}  // namespace

void accept_paper(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto accepted = read_paper_accepted(request.body);
  if (!accepted) return replier.refuse(accepted.error());
  auto query = query_of(desk, accepted.value().record, caller.value());
  if (!query) return replier.refuse(query.error());
  stop_point("query.before_record");
  const auto place = desk.given.recorder.append(paper_record(
      std::move(query).value(), accepted.value(), caller.value(), desk.given.clock.now()));
  stop_point("query.after_record");
  if (!place) return replier.refuse(place.error());
  QueryResponse response;
  response.status = 200;
  response.headers["X-CB-Record"] = std::to_string(place.value().number);
  response.body = answer_text({"paper-accepted", {}, place.value().number, {}, false, {}}, {});
  replier.give(std::move(response), "paper-accepted");
}

}  // namespace certbridge::host
