#include <algorithm>

#include "certbridge/life.h"
#include "certbridge/xml.h"
#include "certificate_words.h"

namespace certbridge {
namespace {

constexpr std::string_view kLifeNameSpace = "urn:certbridge:life:1";
constexpr std::array<std::string_view, 2> kRelationWords{"replaces", "replaced-by"};

std::string attribute(const char* name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml_escape(value) + "\"";
}
std::string optional_attribute(const char* name, std::string_view value) {
  return value.empty() ? std::string() : attribute(name, value);
}

std::string restriction_xml(const Restriction& one) {
  return "<restriction" + attribute("kind", to_word(one.kind)) + attribute("case-no", one.case_no) +
         optional_attribute("authority", one.authority) + attribute("since", time_text(one.since)) +
         (one.waiting ? attribute("waiting", "yes") : std::string()) + "/>";
}

std::string related_xml(const RelatedCertificate& one) {
  return "<related" + attribute("relation", word_of(one.relation, kRelationWords)) +
         attribute("number", one.number) + optional_attribute("identifier", one.identifier) + "/>";
}

Error wrong(const char* code, const XmlElement& at, const std::string& reason) {
  return Error::permanent(
      code, "life:" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + reason);
}

Error wrong_value(const XmlElement& at, const std::string& field, const std::string& rule) {
  return wrong("life.value", at, field + ": " + rule);
}

using Names = std::vector<std::string_view>;

Result<void> check_attributes(const XmlElement& at, const Names& required, const Names& optional) {
  for (const std::string_view name : required) {
    if (at.attribute(name) == nullptr) {
      return wrong("life.shape", at, "attribute \"" + std::string(name) + "\" is missing");
    }
  }
  const auto knows = [](const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const XmlAttribute& one : at.attributes) {
    if (!knows(required, one.name) && !knows(optional, one.name)) {
      return wrong("life.shape", at, "unknown attribute \"" + one.name + "\"");
    }
  }
  return {};
}

Result<Timestamp> read_time(const XmlElement& at) {
  const auto since = parse_time(at.attribute_or_empty("since"));
  if (!since) return wrong_value(at, "since", "a time is written 2026-11-24T01:02:03.456Z");
  return *since;
}

Result<void> read_base(const XmlElement& at, LifeRecord& record) {
  if (auto shape = check_attributes(at, {"base", "since"}, {"reason"}); !shape) return shape;
  const auto base = status_base_of(at.attribute_or_empty("base"));
  if (!base) return wrong_value(at, "base", "not one of the base states");
  auto since = read_time(at);
  if (!since) return since.error();
  record.state.base = {*base, at.attribute_or_empty("reason"), since.value()};
  return {};
}

Result<void> read_restriction(const XmlElement& at, LifeRecord& record) {
  if (auto shape = check_attributes(at, {"kind", "case-no", "since"}, {"authority", "waiting"});
      !shape) {
    return shape;
  }
  const auto kind = restriction_kind_of(at.attribute_or_empty("kind"));
  if (!kind) return wrong_value(at, "kind", "not one of the kinds of restriction");
  auto since = read_time(at);
  if (!since) return since.error();
  const std::string waiting = at.attribute_or_empty("waiting");
  if (!waiting.empty() && waiting != "yes") return wrong_value(at, "waiting", "yes or absent");
  record.state.restrictions.push_back({*kind, at.attribute_or_empty("case-no"),
                                       at.attribute_or_empty("authority"), since.value(),
                                       waiting == "yes"});
  return {};
}

Result<void> read_related(const XmlElement& at, LifeRecord& record) {
  if (auto shape = check_attributes(at, {"relation", "number"}, {"identifier"}); !shape) {
    return shape;
  }
  const auto relation = value_of<Relation>(at.attribute_or_empty("relation"), kRelationWords);
  if (!relation) return wrong_value(at, "relation", "replaces or replaced-by");
  record.related.push_back(
      {*relation, at.attribute_or_empty("number"), at.attribute_or_empty("identifier")});
  return {};
}

Result<void> read_unit(const XmlElement& at, LifeRecord& record) {
  if (auto shape = check_attributes(at, {"code"}, {}); !shape) return shape;
  const std::string code = at.attribute_or_empty("code");
  if (code.empty()) return wrong_value(at, "code", "is not empty");
  record.units.push_back(code);
  return {};
}

Result<void> read_child(const XmlElement& at, LifeRecord& record, bool& has_base) {
  if (at.name_space != kLifeNameSpace || !at.children.empty()) {
    return wrong("life.shape", at, "<" + at.name + "> has a wrong namespace or content");
  }
  if (at.name == "state") {
    if (has_base) return wrong("life.shape", at, "<state> stands twice");
    has_base = true;
    return read_base(at, record);
  }
  if (at.name == "restriction") return read_restriction(at, record);
  if (at.name == "related") return read_related(at, record);
  if (at.name == "unit") return read_unit(at, record);
  return wrong("life.shape", at, "unknown element <" + at.name + ">");
}

Result<void> read_texts(const XmlElement& root, LifeRecord& record) {
  record.number = root.attribute_or_empty("number");
  if (record.number.empty()) return wrong_value(root, "number", "is not empty");
  record.type_code = root.attribute_or_empty("type-code");
  record.identifier = root.attribute_or_empty("identifier");
  record.issuer_code = root.attribute_or_empty("issuer-code");
  record.issuer_name = root.attribute_or_empty("issuer-name");
  record.area = root.attribute_or_empty("area");
  record.case_no = root.attribute_or_empty("case-no");
  record.word = root.attribute_or_empty("word");
  record.use = root.attribute_or_empty("use");
  const std::string expires = root.attribute_or_empty("expires-on");
  if (expires.empty()) return {};
  record.expires_on = parse_date(expires);
  if (!record.expires_on) {
    return wrong_value(root, "expires-on", "a date is written 2026-11-24, years 1900 to 2999");
  }
  return {};
}

Result<void> check_root(const XmlElement& root) {
  if (root.name != "life" || root.name_space != kLifeNameSpace) {
    return wrong("life.shape", root, "the root must be <life> of " + std::string(kLifeNameSpace));
  }
  return check_attributes(
      root, {"number", "issuer-code", "area", "word"},
      {"type-code", "identifier", "issuer-name", "case-no", "expires-on", "use"});
}

}  // namespace

std::string write_life_record(const LifeRecord& it) {
  std::string xml = "<life" + attribute("xmlns", kLifeNameSpace) + attribute("number", it.number) +
                    optional_attribute("type-code", it.type_code) +
                    optional_attribute("identifier", it.identifier) +
                    attribute("issuer-code", it.issuer_code) +
                    optional_attribute("issuer-name", it.issuer_name) + attribute("area", it.area) +
                    optional_attribute("case-no", it.case_no);
  if (it.expires_on) xml += attribute("expires-on", date_text(*it.expires_on));
  xml += optional_attribute("use", it.use) + attribute("word", it.word) + "><state" +
         attribute("base", to_word(it.state.base.base)) +
         optional_attribute("reason", it.state.base.reason) +
         attribute("since", time_text(it.state.base.since)) + "/>";
  for (const Restriction& one : it.state.restrictions) xml += restriction_xml(one);
  for (const RelatedCertificate& one : it.related) xml += related_xml(one);
  for (const std::string& one : it.units) xml += "<unit" + attribute("code", one) + "/>";
  return xml + "</life>";
}

Result<LifeRecord> parse_life_record(std::string_view xml) {
  auto parsed = parse_xml(xml, "life", XmlLimits{});
  if (!parsed) return parsed.error();
  const XmlElement& root = parsed.value();
  if (auto shape = check_root(root); !shape) return shape.error();
  LifeRecord record;
  if (auto read = read_texts(root, record); !read) return read.error();
  bool has_base = false;
  for (const XmlElement& child : root.children) {
    if (auto read = read_child(child, record, has_base); !read) return read.error();
  }
  if (!has_base) return wrong("life.shape", root, "<state> is missing");
  return record;
}

}  // namespace certbridge
