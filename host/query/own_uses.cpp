#include "query/own_uses.h"

#include <boost/json.hpp>

#include "journal/stop_point.h"
#include "observe/clock.h"
#include "query/answer_body.h"
#include "query/objection_body.h"
#include "query/own_access.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 50;
constexpr std::size_t kLookedAt = 200;  // records for one page of the index
constexpr int kMostLooks = 10;          // at the index, for one answer

bool is_use(const AccessPolicy& policy, const AccessRecord& record) {
  return record.decision == AccessDecision::kAllowed && record.kind >= AccessKind::kQuery &&
         record.kind <= AccessKind::kPaperAccepted &&
         is_shown_to_holder(policy, record.ground_kind);
}

struct UsesPage {
  std::vector<ReadAccess> uses{};
  std::uint64_t next = 0;
};

// Takes what is a use; false once the page is full. The next page begins behind the last one taken.
bool take_uses(const AccessPolicy& policy, std::vector<ReadAccess> found, UsesPage& page) {
  for (ReadAccess& one : found) {
    if (!is_use(policy, one.record)) continue;
    if (page.uses.size() == kPage) {
      page.next = page.uses.back().place.number;
      return false;
    }
    page.uses.push_back(std::move(one));
  }
  return true;
}

Result<UsesPage> uses_of(QueryDesk::Parts& desk, const OwnUses& wanted, const std::string& holder) {
  AccessQuestion question;
  question.terms.emplace_back(AccessTerm::kHolder, holder);
  question.from = wanted.from;
  question.until = wanted.until;
  question.before = wanted.before;
  question.limit = kLookedAt;
  UsesPage page;
  for (int look = 0; look < kMostLooks; ++look) {
    auto found = desk.given.earlier.find(question);
    if (!found) return found.error();
    page.next = question.before = found.value().next;
    if (!take_uses(desk.given.policy, std::move(found.value().found), page)) return page;
    if (question.before == 0) return page;
  }
  return page;
}

void put(json::object& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

json::object object_of(const ReadAccess& use) {
  const AccessRecord& record = use.record;
  json::object object{{"record", use.place.number},   {"when", to_iso8601(use.written)},
                      {"kind", to_text(record.kind)}, {"unit", record.unit},
                      {"purpose", record.purpose},    {"ground", record.ground_kind},
                      {"result", record.result}};
  put(object, "type", record.certificate_type);
  put(object, "number", record.certificate_number);
  json::array fields;
  for (const std::string& field : record.disclosed) fields.emplace_back(field);
  if (!fields.empty()) object["fields"] = std::move(fields);
  return object;
}

std::string uses_part(const UsesPage& page) {
  json::array uses;
  for (const ReadAccess& one : page.uses) uses.push_back(object_of(one));
  std::string part = "\"uses\":" + json::serialize(uses);
  if (page.next > 0) part += ",\"next\":" + std::to_string(page.next);
  return part;
}

std::string digest_of(std::string_view bytes) {
  Sm3 sm3;
  sm3.add(bytes);
  const Sm3Digest digest = sm3.finish();
  return {digest.begin(), digest.end()};
}

void give_uses(QueryDesk::Parts& desk, const ServiceDecision& decided, const UsesPage& page,
               Replier& replier) {
  const std::string part = uses_part(page);
  AccessRecord record = record_of(decided);
  record.result = page.uses.empty() ? "none-found" : "found";
  if (!page.uses.empty()) {
    record.disclosed = {"uses"};
    record.disclosed_digest = digest_of(part);
  }
  stop_point("query.before_record");
  const auto place = desk.given.recorder.append(record);
  stop_point("query.after_record");
  if (!place) return replier.refuse(place.error());
  AnswerFrame frame;
  frame.code = record.result;
  frame.record = place.value().number;
  QueryResponse response;
  response.status = 200;
  response.headers["X-CB-Record"] = std::to_string(frame.record);
  response.body = answer_text(frame, part);
  replier.give(std::move(response), frame.code);
}

}  // namespace

void answer_own_uses(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto wanted = read_own_uses(request.body);
  if (!wanted) return replier.refuse(wanted.error());
  AccessRequest asked = request_on(wanted.value().ground, caller.value());
  asked.kind = AccessKind::kOwnUses;
  asked.when = desk.given.clock.now();
  const ServiceDecision decided = decide_service(desk, std::move(asked), {});
  if (!decided.decision.allowed) {
    const auto place = desk.given.recorder.append(record_of(decided));
    if (!place) return replier.refuse(place.error());
    return replier.give(denied_response(decided.decision, place.value().number),
                        decided.decision.code);
  }
  const auto page = uses_of(desk, wanted.value(), decided.request.holder->code);
  if (!page) return replier.refuse(page.error());
  give_uses(desk, decided, page.value(), replier);
}

}  // namespace certbridge::host
