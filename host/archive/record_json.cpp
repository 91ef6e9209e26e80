#include "archive/record_json.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

struct TextMember {
  const char* name;
  std::string AccessRecord::*member;
};
constexpr TextMember kTexts[] = {
    {"traceId", &AccessRecord::trace_id},
    {"system", &AccessRecord::system},
    {"person", &AccessRecord::person},
    {"role", &AccessRecord::role},
    {"level", &AccessRecord::level},
    {"unit", &AccessRecord::unit},
    {"groundKind", &AccessRecord::ground_kind},
    {"ground", &AccessRecord::ground},
    {"purpose", &AccessRecord::purpose},
    {"certificateType", &AccessRecord::certificate_type},
    {"issuer", &AccessRecord::issuer},
    {"holder", &AccessRecord::holder},
    {"certificateNumber", &AccessRecord::certificate_number},
    {"certificate", &AccessRecord::certificate},
    {"code", &AccessRecord::code},
    {"policy", &AccessRecord::policy},
    {"result", &AccessRecord::result},
};

std::string text_at(const boost::json::object& json, const char* name) {
  return std::string(json.at(name).as_string());
}

Timestamp time_at(const boost::json::object& json, const char* name) {
  const auto time = parse_message_time(text_at(json, name));
  if (!time) throw std::runtime_error("no time");
  return *time;
}

boost::json::array sources_json(const std::vector<AskedSource>& sources) {
  boost::json::array array;
  for (const AskedSource& one : sources) {
    array.push_back({{"source", one.endpoint}, {"outcome", one.outcome}});
  }
  return array;
}

}  // namespace

boost::json::object record_json(const AccessPlace& place, const AccessRecord& record) {
  boost::json::object json;
  json["number"] = place.number;
  json["hash"] = to_hex(place.hash);
  json["segment"] = place.segment;
  json["kind"] = to_text(record.kind);
  for (const TextMember& text : kTexts) json[text.name] = record.*text.member;
  json["decision"] = record.decision == AccessDecision::kAllowed ? "allowed" : "denied";
  json["sources"] = sources_json(record.sources);
  json["disclosed"] = boost::json::value_from(record.disclosed);
  json["refersTo"] = record.refers_to;
  json["asked"] = to_iso8601(record.asked);
  json["decided"] = to_iso8601(record.decided);
  return json;
}

void read_record_json(const boost::json::object& json, AccessPlace& place, AccessRecord& record) {
  place.number = json.at("number").to_number<std::uint64_t>();
  place.segment = text_at(json, "segment");
  const auto hash = parse_sm3_digest(text_at(json, "hash"));
  const auto kind = access_kind(text_at(json, "kind"));
  if (!hash || !kind) throw std::runtime_error("no record");
  place.hash = hash.value();
  record.kind = *kind;
  for (const TextMember& text : kTexts) record.*text.member = text_at(json, text.name);
  record.decision =
      text_at(json, "decision") == "allowed" ? AccessDecision::kAllowed : AccessDecision::kDenied;
  for (const auto& one : json.at("sources").as_array()) {
    record.sources.push_back(
        {text_at(one.as_object(), "source"), text_at(one.as_object(), "outcome")});
  }
  record.disclosed = boost::json::value_to<std::vector<std::string>>(json.at("disclosed"));
  record.refers_to = json.at("refersTo").to_number<std::uint64_t>();
  record.asked = time_at(json, "asked");
  record.decided = time_at(json, "decided");
}

}  // namespace certbridge::host
