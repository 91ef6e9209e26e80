#include <array>

#include "certbridge/query.h"
#include "certificate_words.h"
#include "query_words.h"

namespace certbridge {
namespace {

using namespace query;

constexpr std::array<std::string_view, 3> kVerdictWords{"genuine", "not-genuine", "cannot-tell"};

std::string texts_of(const FoundCertificate& it) {
  return attribute("type-code", it.type_code) + attribute("type-name", it.type_name) +
         attribute("number", it.number) + attribute("identifier", it.identifier) +
         attribute("version", it.version) + attribute("issuer-code", it.issuer_code) +
         attribute("issuer-name", it.issuer_name) + attribute("issued-on", it.issued_on) +
         attribute("effective-from", it.effective_from) + attribute("expires-on", it.expires_on) +
         attribute("status", it.status) + attribute("said", it.said) + attribute("file", it.file);
}

std::string certificate_xml(const FoundCertificate& it) {
  std::string xml = "<certificate" + texts_of(it) + ">";
  for (const QueriedHolder& one : it.holders) xml += "<holder" + holder_attributes(one) + "/>";
  for (const FoundCertificate::Field& one : it.fields) {
    xml += "<field" + attribute("name", one.name) + ">" + xml_escape(one.value) + "</field>";
  }
  return xml + "</certificate>";
}

Result<void> read_dates(const XmlElement& at, FoundCertificate& it) {
  it.issued_on = at.attribute_or_empty("issued-on");
  it.effective_from = at.attribute_or_empty("effective-from");
  it.expires_on = at.attribute_or_empty("expires-on");
  for (const std::string* date : {&it.issued_on, &it.effective_from, &it.expires_on}) {
    if (!date->empty() && !parse_date(*date)) {
      return wrong_value(at, "a date is written 2026-11-24, years 1900 to 2999");
    }
  }
  return {};
}

Result<void> read_holders(const XmlElement& at, FoundCertificate& it) {
  for (const XmlElement* one : at.children_named("holder")) {
    if (auto checked = check_shape(*one, {{}, {"name", "code-type", "code"}, {}}); !checked) {
      return checked;
    }
    if (it.holders.size() == kMostOfAList) return wrong_value(*one, "more than 1000 holders");
    it.holders.push_back(read_holder(*one));
  }
  return {};
}

Result<void> read_fields(const XmlElement& at, FoundCertificate& it) {
  for (const XmlElement* one : at.children_named("field")) {
    if (auto checked = check_shape(*one, {{"name"}, {}, {}, true}); !checked) return checked;
    if (it.fields.size() == kMostFoundFields) {
      return wrong_value(*one, "more than 200 fields of a certificate");
    }
    it.fields.push_back({one->attribute_or_empty("name"), one->text});
  }
  return {};
}

void read_texts(const XmlElement& at, FoundCertificate& it) {
  it.type_code = at.attribute_or_empty("type-code");
  it.type_name = at.attribute_or_empty("type-name");
  it.number = at.attribute_or_empty("number");
  it.identifier = at.attribute_or_empty("identifier");
  it.version = at.attribute_or_empty("version");
  it.issuer_code = at.attribute_or_empty("issuer-code");
  it.issuer_name = at.attribute_or_empty("issuer-name");
  it.said = at.attribute_or_empty("said");
  it.file = at.attribute_or_empty("file");
}

Result<FoundCertificate> read_certificate(const XmlElement& at) {
  if (auto checked = check_shape(at, {{},
                                      {"type-code", "type-name", "number", "identifier", "version",
                                       "issuer-code", "issuer-name", "issued-on", "effective-from",
                                       "expires-on", "status", "said", "file"},
                                      {"holder", "field"}});
      !checked) {
    return checked.error();
  }
  FoundCertificate it;
  read_texts(at, it);
  auto status = read_status(at);
  if (!status) return status.error();
  it.status = std::move(status).value();
  if (auto read = read_dates(at, it); !read) return read.error();
  if (auto read = read_holders(at, it); !read) return read.error();
  if (auto read = read_fields(at, it); !read) return read.error();
  return it;
}

}  // namespace

std::string write_find_answer(const FindAnswer& answer) {
  std::string xml =
      opened("found") + attribute("as-of", answer.as_of ? time_text(*answer.as_of) : "") + ">";
  for (const FoundCertificate& one : answer.found) xml += certificate_xml(one);
  return xml + "</found>";
}

Result<FindAnswer> parse_find_answer(std::string_view xml) {
  const auto root = read_root(xml, "found", {{}, {"as-of"}, {"certificate"}});
  if (!root) return root.error();
  FindAnswer answer;
  if (const std::string as_of = root.value().attribute_or_empty("as-of"); !as_of.empty()) {
    answer.as_of = parse_time(as_of);
    if (!answer.as_of) {
      return wrong_value(root.value(), "as-of: a time is written 2026-11-24T01:02:03.456Z");
    }
  }
  for (const XmlElement& child : root.value().children) {
    if (answer.found.size() == kMostFound) {
      return wrong_value(child, "more than 100 certificates in one answer");
    }
    auto one = read_certificate(child);
    if (!one) return one.error();
    answer.found.push_back(std::move(one).value());
  }
  return answer;
}

std::string write_verify_answer(const VerifyAnswer& answer) {
  return opened("verdict") + attribute("verdict", word_of(answer.verdict, kVerdictWords)) +
         attribute("reason", answer.reason) + attribute("identifier", answer.identifier) +
         attribute("status", answer.status) + "/>";
}

Result<VerifyAnswer> parse_verify_answer(std::string_view xml) {
  const auto root =
      read_root(xml, "verdict", {{"verdict"}, {"reason", "identifier", "status"}, {}});
  if (!root) return root.error();
  const auto verdict =
      value_of<VerifyAnswer::Verdict>(root.value().attribute_or_empty("verdict"), kVerdictWords);
  if (!verdict) {
    return wrong_value(root.value(), "a verdict is genuine, not-genuine or cannot-tell");
  }
  auto status = read_status(root.value());
  if (!status) return status.error();
  return VerifyAnswer{*verdict, root.value().attribute_or_empty("reason"),
                      root.value().attribute_or_empty("identifier"), std::move(status).value()};
}

}  // namespace certbridge
