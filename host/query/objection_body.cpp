#include "query/objection_body.h"

#include <boost/json.hpp>

#include "objections/objection_records.h"
#include "observe/clock.h"
#include "query/answer_body.h"
#include "query/request_by.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

json::object object_of(const ShownObjection& shown) {
  const Objection& it = shown.objection;
  json::object object{{"number", it.number},
                      {"kind", to_text(it.kind)},
                      {"state", to_text(it.state)},
                      {"since", to_iso8601(it.raised)},
                      {"due", to_iso8601(it.due)}};
  if (it.ended) object["ended"] = to_iso8601(*it.ended);
  put(object, "type", it.type);
  put(object, "issuer", it.issuer);
  json::array fields;
  for (const std::string& field : it.fields) fields.emplace_back(field);
  if (!fields.empty()) object["fields"] = std::move(fields);
  put(object, "text", statement_in(shown.written, objection_words::kText));
  put(object, "reason", statement_in(shown.answered, objection_words::kReason));
  put(object, "newVersion", statement_in(shown.answered, objection_words::kVersion));
  put(object, "newNumber", statement_in(shown.answered, objection_words::kNumber));
  return object;
}

}  // namespace

QueryResponse objection_response(const std::string& code, std::uint64_t record,
                                 const ShownObjection& shown) {
  QueryResponse response;
  response.status = 200;
  response.headers["X-CB-Record"] = std::to_string(record);
  AnswerFrame frame;
  frame.code = code;
  frame.record = record;
  response.body = answer_text(frame, "\"objection\":" + json::serialize(object_of(shown)));
  return response;
}

AccessRequest request_on(const Query& ground, const Caller& caller) {
  AccessRequest request = request_by(caller, ground);
  if (caller.person) request.holder = caller.person->himself;
  return request;
}

}  // namespace certbridge::host
