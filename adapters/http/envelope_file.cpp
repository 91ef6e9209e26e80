#include "certbridge/certificate_type.h"
#include "certbridge/text.h"
#include "certbridge/xml.h"
#include "envelope.h"

namespace certbridge::http {
namespace {

constexpr const char* kNameSpace = "urn:certbridge:http-envelope:1";

class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Result<Envelope> read(const XmlElement& root) {
    if (root.name != "envelope" || root.name_space != kNameSpace) {
      fail(root, std::string("the root element is not envelope of ") + kNameSpace);
    }
    for (const XmlElement& element : root.children) read_part(element);
    if (envelope_.source_key.empty() && !envelope_.verdict) {
      fail(root, "it has neither a source-key nor a verdict");
    }
    if (!envelope_.source_key.empty()) envelope_.message_type = needed(root, "message-type");
    if (error_) return *error_;
    return std::move(envelope_);
  }

 private:
  void fail(const XmlElement& at, const std::string& why) {
    if (error_) return;
    error_ =
        Error::fault("http.envelope", file_ + ":" + std::to_string(at.line) + ":" +
                                          std::to_string(at.column) + ": " + at.name + ": " + why);
  }
  std::string needed(const XmlElement& element, const char* name) {
    std::string value = element.attribute_or_empty(name);
    if (value.empty()) fail(element, std::string("the attribute ") + name + " is missing or empty");
    return value;
  }
  EnvelopeField field_of(const XmlElement& element, const char* name) {
    const std::string required = element.attribute_or_empty("required");
    if (!required.empty() && required != "yes" && required != "no")
      fail(element, "required is yes or no");
    return {needed(element, name), needed(element, "field"), required == "yes"};
  }
  void read_part(const XmlElement& element) {
    if (element.name == "source-key") {
      envelope_.source_key = needed(element, "field");
    } else if (element.name == "area") {
      envelope_.area = needed(element, "field");
    } else if (element.name == "classified") {
      envelope_.classified = needed(element, "field");
    } else if (element.name == "order-key") {
      envelope_.order_keys.push_back(field_of(element, "kind"));
    } else if (element.name == "header") {
      envelope_.headers.push_back(field_of(element, "name"));
    } else if (element.name == "verdict") {
      read_verdict_rule(element);
    } else {
      fail(element, "this element is not known here");
    }
  }
  void read_verdict_rule(const XmlElement& element) {
    VerdictRule rule{needed(element, "endpoint"),
                     needed(element, "correlation"),
                     needed(element, "code"),
                     element.attribute_or_empty("message"),
                     element.attribute_or_empty("remote-id"),
                     {},
                     {},
                     {}};
    for (const XmlElement& code : element.children) read_code(code, rule);
    if (rule.accepted.empty()) fail(element, "it names no accepted code");
    envelope_.verdict = std::move(rule);
  }
  void read_code(const XmlElement& element, VerdictRule& rule) {
    const std::string code = needed(element, "code");
    if (rule.accepted.contains(code) || rule.withdrawn.contains(code) ||
        rule.rejected_as.contains(code)) {
      fail(element, "the code \"" + shortened(code) + "\" stands twice");
    }
    if (element.name == "accepted") {
      rule.accepted.insert(code);
    } else if (element.name == "withdrawn") {
      rule.withdrawn.insert(code);
    } else if (element.name == "rejected") {
      const std::string as = needed(element, "as");
      if (as != kCodeTypeNotRegistered) {
        fail(element, std::string("the host knows a rejection as ") + kCodeTypeNotRegistered +
                          " only; every other code is a rejection without being named");
      }
      rule.rejected_as[code] = as;
    } else {
      fail(element, "this element is not known here");
    }
  }

  std::string file_;
  Envelope envelope_{};
  std::optional<Error> error_{};
};

}  // namespace

Result<Envelope> parse_envelope(std::string_view xml, std::string_view file) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return Error::fault(root.error().code, root.error().message);
  return Reader(file).read(root.value());
}

}  // namespace certbridge::http
