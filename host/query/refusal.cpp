#include <map>

#include "query/answer_body.h"
#include "query/query.h"

namespace certbridge::host {
namespace {

// Families of codes; whatever is not here is a refusal of what was asked.
int status_of(const Error& error) {
  static const std::map<std::string, int, std::less<>> kStatuses{
      {"query.body", 400},         {"query.member", 400},         {"query.value", 400},
      {"query.no_route", 404},     {"query.no_such_record", 404}, {"query.ambiguous", 409},
      {"objection.unknown", 404},  {"objection.ended", 409},      {"objection.enough", 409},
      {"objection.starting", 503}, {"objection.full", 503},       {"query.busy", 503},
      {"caller.busy", 503},        {"query.failed", 503},         {"archive.not_configured", 404},
      {"query.no_guide", 404}};
  const auto found = kStatuses.find(error.code);
  if (found != kStatuses.end()) return found->second;
  if (error.code.starts_with("caller.")) return 401;
  if (error.code.starts_with("access.") || error.code.starts_with("archive.")) return 503;
  return 403;
}

}  // namespace

QueryResponse refusal(const Error& error) {
  QueryResponse response;
  response.status = status_of(error);
  response.body = answer_text({error.code, error.message, 0, {}, false, {}}, {});
  response.retry_after = error.retry_after;
  return response;
}

}  // namespace certbridge::host
