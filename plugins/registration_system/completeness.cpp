#include "completeness.h"

#include <set>

#include "records_client.h"

namespace certbridge::registration {
namespace {

constexpr std::size_t kMostOfACase = 10'000;

}  // namespace

Result<std::vector<Message>> Completeness::process(const Message& event, const Call& call) {
  const std::string case_no = header_of(event, "case-no");
  if (case_no.empty()) {
    return Error::permanent("registration.event", "the event names no case (header case-no)");
  }
  auto answer = ask_for_case(records_, mapping_, case_no, call);
  if (!answer) return answer.error();
  std::set<std::string> missing;
  for (const CaseRow& row : answer.value().rows.set("certificates")) {
    if (row.text("state") != "withdrawn") missing.insert(row.text("id"));
  }
  FactsQuery query;
  query.endpoint = library_endpoint_;
  query.order_key = OrderKey{"case", case_no};
  query.type = "certificate.issue";
  auto deliveries = facts_.list(query, kMostOfACase);
  if (!deliveries) {
    return Error::retryable("registration.records_unavailable",
                            "the journal: " + deliveries.error().message);
  }
  for (const DeliveryFact& fact : deliveries.value()) {
    const auto id = fact.headers.find("certificate-id");
    if (fact.state == "delivered" && id != fact.headers.end()) missing.erase(id->second);
  }
  if (missing.empty()) return std::vector<Message>{};
  return Error::retryable(
      "registration.case_not_collected",
      std::to_string(missing.size()) + " certificates of the case are not collected yet");
}

}  // namespace certbridge::registration
