#include <algorithm>

#include "certbridge/certificate.h"
#include "certbridge/xml.h"
#include "certificate_words.h"

namespace certbridge {
namespace {

using Names = std::vector<std::string_view>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error wrong(const char* code, const XmlElement& at, const std::string& reason) {
  return Error::permanent(code, "certificate:" + std::to_string(at.line) + ":" +
                                    std::to_string(at.column) + ": " + reason);
}

// A name to be repeated in an error: in a document that is cut in the wrong place, anything may
// stand where a name should be.
std::string quoted(const std::string& name) {
  constexpr std::size_t kLongest = 40;
  const bool ours = name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || c == '-';
                    });
  return ours ? name : "...";
}

// What an element has of attributes: all of `required`, perhaps some of `optional`, nothing else.
Result<void> check_attributes(const XmlElement& element, const Names& required,
                              const Names& optional) {
  for (const std::string_view name : required) {
    if (element.attribute(name) == nullptr) {
      return wrong("certificate.shape", element,
                   "attribute \"" + std::string(name) + "\" of <" + element.name + "> is missing");
    }
  }
  for (const XmlAttribute& attribute : element.attributes) {
    if (!contains(required, attribute.name) && !contains(optional, attribute.name)) {
      return wrong("certificate.shape", element,
                   "unknown attribute \"" + quoted(attribute.name) + "\"");
    }
  }
  return {};
}

// An error of a parsed value, with the field before it.
Error in_field(const XmlElement& at, const std::string& field, const Error& error) {
  return wrong("certificate.value", at, field + ": " + error.message + " [" + error.code + "]");
}
Error wrong_value(const XmlElement& at, const std::string& field, const std::string& rule) {
  return wrong("certificate.value", at, field + ": " + rule);
}

Result<Holder> read_holder(const XmlElement& element, const std::string& field) {
  if (auto shape = check_attributes(element, {"name", "code-type", "code"}, {"share"}); !shape) {
    return shape.error();
  }
  auto code = HolderCode::parse(element.attribute_or_empty("code-type"),
                                element.attribute_or_empty("code"));
  if (!code) return in_field(element, field + ".code", code.error());
  Holder holder{element.attribute_or_empty("name"), std::move(code).value(), {}};
  if (holder.name.empty()) return wrong_value(element, field + ".name", "a holder has a name");
  if (const XmlAttribute* written = element.attribute("share"); written != nullptr) {
    auto share = Share::parse(written->value);
    if (!share) return in_field(element, field + ".share", share.error());
    holder.share = std::move(share).value();
  }
  return holder;
}

std::string numbered(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index + 1) + "]";
}

// Fills one certificate from the root's attributes and children.
class CertificateReader {
 public:
  CertificateReader(const XmlElement& root, Certificate& certificate)
      : root_(root), it_(certificate) {}

  Result<void> read() {
    for (auto part : {&CertificateReader::read_words, &CertificateReader::read_dates,
                      &CertificateReader::read_texts, &CertificateReader::read_children}) {
      if (auto done = (this->*part)(); !done) return done;
    }
    return {};
  }

 private:
  template <class E, std::size_t N>
  Result<void> read_word(const XmlElement& at, const char* name, E& into,
                         const std::array<std::string_view, N>& words) {
    const auto value = value_of<E>(at.attribute_or_empty(name), words);
    if (!value) return wrong_value(at, name, "not one of the words of this field");
    into = *value;
    return {};
  }

  Result<void> read_words() {
    if (auto done = read_word(root_, "kind", it_.kind, kKindWords); !done) return done;
    if (auto done = read_word(root_, "holding", it_.holding, kHoldingWords); !done) return done;
    const XmlAttribute* separately = root_.attribute("held-separately");
    it_.held_separately = separately != nullptr;
    if (it_.held_separately && separately->value != "yes") {
      return wrong_value(root_, "held-separately", "it says yes, or is left out");
    }
    return read_word(root_, "right-state", it_.right_state, kRightStateWords);
  }

  Result<void> read_date(const char* name, std::optional<std::chrono::year_month_day>& into) {
    const XmlAttribute* written = root_.attribute(name);
    if (written == nullptr) return {};
    into = parse_date(written->value);
    if (!into) return wrong_value(root_, name, "a date is written 2026-11-24, years 1900 to 2999");
    return {};
  }

  Result<void> read_dates() {
    std::optional<std::chrono::year_month_day> issued;
    if (auto done = read_date("issued-on", issued); !done) return done;
    it_.issued_on = *issued;
    if (auto done = read_date("effective-from", it_.effective_from); !done) return done;
    return read_date("expires-on", it_.expires_on);
  }

  Result<void> read_texts() {
    it_.issuer_code = root_.attribute_or_empty("issuer-code");
    it_.issuer_name = root_.attribute_or_empty("issuer-name");
    it_.area = root_.attribute_or_empty("area");
    it_.case_no = root_.attribute_or_empty("case-no");
    it_.case_id = root_.attribute_or_empty("case-id");
    it_.certificate_id = root_.attribute_or_empty("certificate-id");
    it_.paper_serial = root_.attribute_or_empty("paper-serial");
    if (auto code = CreditCode::parse(it_.issuer_code); !code) {
      return in_field(root_, "issuer-code", code.error());
    }
    const bool digits =
        std::all_of(it_.area.begin(), it_.area.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (it_.area.size() != 6 || !digits) {
      return wrong_value(root_, "area", "six digits of GB/T 2260");
    }
    return {};
  }

  Result<void> read_children() {
    bool has_status = false;
    for (const XmlElement& child : root_.children) {
      if (child.name == "status" && has_status) {
        return wrong("certificate.shape", child, "<status> stands twice");
      }
      has_status = has_status || child.name == "status";
      if (auto done = read_child(child); !done) return done;
    }
    if (!has_status) return wrong("certificate.shape", root_, "<status> is missing");
    return {};
  }

  Result<void> read_child(const XmlElement& child) {
    const bool is_face = child.name == "face";
    const bool has_text = child.text.find_first_not_of(" \t\r\n") != std::string::npos;
    if (child.name_space != kCertificateNameSpace || !child.children.empty() ||
        (has_text && !is_face)) {
      return wrong("certificate.shape", child,
                   "<" + child.name + "> has a wrong namespace or content");
    }
    if (child.name == "holder") return read_party(child, it_.holders, "holders");
    if (child.name == "obligor") return read_party(child, it_.obligors, "obligors");
    if (child.name == "unit") return read_unit(child);
    if (child.name == "previous") return read_previous(child);
    if (child.name == "status") return read_status(child);
    if (is_face) return read_face(child);
    return wrong("certificate.shape", child, "unknown element <" + quoted(child.name) + ">");
  }

  Result<void> read_party(const XmlElement& child, std::vector<Holder>& into, const char* list) {
    auto holder = read_holder(child, numbered(list, into.size()));
    if (!holder) return holder.error();
    into.push_back(std::move(holder).value());
    return {};
  }

  Result<void> read_unit(const XmlElement& child) {
    if (auto shape = check_attributes(child, {"code"}, {}); !shape) return shape;
    auto unit = UnitCode::parse_lenient(child.attribute_or_empty("code"));
    if (!unit) return in_field(child, numbered("units", it_.units.size()), unit.error());
    it_.units.push_back(std::move(unit).value());
    return {};
  }

  Result<void> read_previous(const XmlElement& child) {
    if (auto shape = check_attributes(child, {"number"}, {}); !shape) return shape;
    it_.previous_numbers.push_back(child.attribute_or_empty("number"));
    if (it_.previous_numbers.back().empty()) {
      return wrong_value(child, "previous", "an earlier number is not empty");
    }
    return {};
  }

  Result<void> read_status(const XmlElement& child) {
    if (auto shape = check_attributes(child, {"base", "since"}, {"reason"}); !shape) return shape;
    if (auto done = read_word(child, "base", it_.status.base, kStatusWords); !done) return done;
    const auto since = parse_time(child.attribute_or_empty("since"));
    if (!since)
      return wrong_value(child, "status.since", "a time is written 2026-11-24T01:02:03.456Z");
    it_.status.since = *since;
    it_.status.reason = child.attribute_or_empty("reason");
    return {};
  }

  Result<void> read_face(const XmlElement& child) {
    if (auto shape = check_attributes(child, {"key"}, {}); !shape) return shape;
    const std::string key = child.attribute_or_empty("key");
    const bool fits = key.size() <= 32 && key.starts_with("KZ_") && key.size() > 3 &&
                      std::all_of(key.begin() + 3, key.end(), [](char c) {
                        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                      });
    if (!fits) return wrong_value(child, "face", "a key is KZ_ and upper-case letters or digits");
    for (const FaceItem& item : it_.face) {
      if (item.key == key)
        return wrong("certificate.shape", child, "face item " + key + " stands twice");
    }
    it_.face.push_back({key, child.text});
    return {};
  }

  const XmlElement& root_;
  Certificate& it_;
};

Result<void> check_certificate_root(const XmlElement& root) {
  if (root.name != "certificate" || root.name_space != kCertificateNameSpace ||
      root.text.find_first_not_of(" \t\r\n") != std::string::npos) {
    return wrong("certificate.shape", root,
                 "the root must be <certificate> of " + std::string(kCertificateNameSpace));
  }
  return check_attributes(root,
                          {"kind", "type-code", "identifier", "number", "issuer-code",
                           "issuer-name", "area", "issued-on", "holding", "right-state", "case-no"},
                          {"effective-from", "expires-on", "held-separately", "case-id",
                           "certificate-id", "paper-serial"});
}

}  // namespace

Result<Certificate> parse_certificate(std::string_view xml) {
  auto parsed = parse_xml(xml, "certificate", XmlLimits{});
  if (!parsed) return parsed.error();
  const XmlElement& root = parsed.value();
  if (auto shape = check_certificate_root(root); !shape) return shape.error();
  auto type = TypeCode::parse(root.attribute_or_empty("type-code"));
  if (!type) return in_field(root, "type-code", type.error());
  auto identifier = CertificateIdentifier::parse(root.attribute_or_empty("identifier"));
  if (!identifier) return in_field(root, "identifier", identifier.error());
  auto number = CertificateNumber::parse_lenient(root.attribute_or_empty("number"));
  if (!number) return in_field(root, "number", number.error());
  Certificate certificate{.type_code = std::move(type).value(),
                          .identifier = std::move(identifier).value(),
                          .number = std::move(number).value()};
  if (auto read = CertificateReader(root, certificate).read(); !read) return read.error();
  return certificate;
}

}  // namespace certbridge
