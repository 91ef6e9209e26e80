#include "query/answer_body.h"

#include <boost/json.hpp>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

json::array holders_of(const FoundCertificate& certificate) {
  json::array holders;
  for (const QueriedHolder& one : certificate.holders) {
    json::object holder;
    put(holder, "name", one.name);
    put(holder, "codeType", one.code_type);
    put(holder, "code", one.code);
    if (!holder.empty()) holders.push_back(std::move(holder));
  }
  return holders;
}

void put_objection(json::object& object, const std::optional<ObjectionMark>& mark) {
  if (!mark) return;
  json::object objection;
  if (mark->number > 0) {
    objection["number"] = mark->number;
    objection["since"] = to_iso8601(mark->since);
  }
  objection["state"] = mark->state;
  json::array fields;
  for (const std::string& field : mark->fields) fields.emplace_back(field);
  if (!fields.empty()) objection["fields"] = std::move(fields);
  object["objection"] = std::move(objection);
}

void put_origin(json::object& object, const AnsweredCertificate& certificate, Timestamp now) {
  object["source"] = certificate.source;
  object["asOf"] = to_iso8601(certificate.as_of.value_or(now));
  object["cached"] = certificate.cached;
  object["status"] = certificate.status.empty() ? "unknown" : certificate.status;
  put_objection(object, certificate.objection);
}

const char* word_of(AvailableType::State state) {
  if (state == AvailableType::State::kYes) return "yes";
  return state == AvailableType::State::kNo ? "no" : "unknown";
}

const char* word_of(VerifyAnswer::Verdict verdict) {
  if (verdict == VerifyAnswer::Verdict::kGenuine) return "genuine";
  return verdict == VerifyAnswer::Verdict::kNotGenuine ? "not-genuine" : "cannot-tell";
}

json::array sources_of(const std::vector<AskedSource>& sources) {
  json::array list;
  for (const AskedSource& one : sources) {
    list.push_back(json::object{{"source", one.endpoint}, {"outcome", one.outcome}});
  }
  return list;
}

}  // namespace

std::string certificate_text(const AnsweredCertificate& certificate, Timestamp now) {
  const FoundCertificate& shown = certificate.disclosed.certificate;
  json::object object;
  put_origin(object, certificate, now);
  put(object, "said", shown.said);
  put(object, "type", shown.type_code);
  put(object, "typeName", shown.type_name);
  put(object, "number", shown.number);
  put(object, "identifier", shown.identifier);
  put(object, "version", shown.version);
  put(object, "issuer", shown.issuer_code);
  put(object, "issuerName", shown.issuer_name);
  put(object, "issuedOn", shown.issued_on);
  put(object, "effectiveFrom", shown.effective_from);
  put(object, "expiresOn", shown.expires_on);
  if (json::array holders = holders_of(shown); !holders.empty()) {
    object["holders"] = std::move(holders);
  }
  json::array fields;
  for (const FoundCertificate::Field& one : shown.fields) {
    fields.push_back(json::object{{"name", one.name}, {"value", one.value}});
  }
  if (!fields.empty()) object["fields"] = std::move(fields);
  return json::serialize(object);
}

std::string certificates_part(const std::vector<std::string>& certificate_texts) {
  std::string part = "\"certificates\":[";
  for (std::size_t i = 0; i < certificate_texts.size(); ++i) {
    part += (i == 0 ? "" : ",") + certificate_texts[i];
  }
  return part + "]";
}

std::string types_part(const std::vector<AvailableType>& types) {
  json::array list;
  for (const AvailableType& one : types) {
    list.push_back(json::object{{"type", one.type}, {"available", word_of(one.state)}});
  }
  return "\"types\":" + json::serialize(list);
}

std::string verification_part(const std::string& source, const VerifyAnswer& answer,
                              Timestamp now) {
  json::object object;
  object["source"] = source;
  object["asOf"] = to_iso8601(now);
  object["cached"] = false;
  object["verdict"] = word_of(answer.verdict);
  put(object, "reason", answer.reason);
  put(object, "identifier", answer.identifier);
  put(object, "status", answer.status);
  return "\"verification\":" + json::serialize(object);
}

std::string comparison_part(const AnsweredCertificate& certificate,
                            const std::vector<ComparedField>& fields, Timestamp now) {
  json::object object;
  put_origin(object, certificate, now);
  json::array list;
  for (const ComparedField& one : fields) {
    list.push_back(json::object{{"name", one.name}, {"result", to_word(one.result)}});
  }
  object["fields"] = std::move(list);
  return "\"comparison\":" + json::serialize(object);
}

std::string answer_text(const AnswerFrame& frame, const std::string& part) {
  std::string text = "{\"code\":" + json::serialize(json::string(frame.code));
  if (!frame.message.empty()) {
    text += ",\"message\":" + json::serialize(json::string(frame.message));
  }
  if (frame.record > 0) text += ",\"record\":" + std::to_string(frame.record);
  if (!part.empty()) text += "," + part;
  if (!frame.sources.empty()) {
    text += ",\"sources\":" + json::serialize(sources_of(frame.sources));
  }
  if (frame.paper_allowed) text += ",\"paperAllowed\":true";
  if (frame.try_again) text += ",\"tryAgainAfter\":" + std::to_string(frame.try_again->count());
  return text + "}";
}

}  // namespace certbridge::host
