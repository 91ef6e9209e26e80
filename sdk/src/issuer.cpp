#include "certbridge/issuer.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "certbridge/xml.h"

namespace certbridge {
namespace {

constexpr std::string_view kIssuersNameSpace = "urn:certbridge:issuers:1";

// Reads one file; every error names file, line and column.
class IssuersReader {
 public:
  explicit IssuersReader(std::string_view file) : file_(file) {}

  Result<std::vector<Issuer>> read(const XmlElement& root) const {
    if (auto shape = expect(root, "issuers", {}); !shape) return shape.error();
    std::vector<Issuer> issuers;
    for (const XmlElement& child : root.children) {
      auto issuer = read_issuer(child);
      if (!issuer) return issuer.error();
      for (const Issuer& earlier : issuers) {
        if (auto same = refuse_same(child, earlier, issuer.value()); !same) return same.error();
      }
      issuers.push_back(std::move(issuer).value());
    }
    return issuers;
  }

 private:
  Error wrong(const char* code, const XmlElement& at, const std::string& reason) const {
    return Error::permanent(code, file_ + ":" + std::to_string(at.line) + ":" +
                                      std::to_string(at.column) + ": " + shortened(reason));
  }

  // The element's name and exactly these attributes, none of them empty.
  Result<void> expect(const XmlElement& element, std::string_view name,
                      const std::vector<std::string_view>& attributes) const {
    if (element.name != name || element.name_space != kIssuersNameSpace) {
      return wrong("issuers.shape", element,
                   "expected element \"" + std::string(name) + "\" of " +
                       std::string(kIssuersNameSpace) + ", found \"" + element.name + "\"");
    }
    for (const XmlAttribute& attribute : element.attributes) {
      if (std::find(attributes.begin(), attributes.end(), attribute.name) == attributes.end()) {
        return wrong("issuers.shape", element, "unknown attribute \"" + attribute.name + "\"");
      }
    }
    for (const std::string_view attribute : attributes) {
      if (element.attribute_or_empty(attribute).empty()) {
        return wrong("issuers.shape", element,
                     "attribute \"" + std::string(attribute) + "\" is missing");
      }
    }
    return {};
  }

  Result<Issuer> read_issuer(const XmlElement& element) const {
    auto shape = expect(element, "issuer",
                        {"name", "code", "area", "number-word", "province-word", "environment"});
    if (!shape) return shape.error();
    Issuer issuer;
    issuer.name = element.attribute_or_empty("name");
    issuer.code = element.attribute_or_empty("code");
    issuer.area = element.attribute_or_empty("area");
    issuer.number_word = element.attribute_or_empty("number-word");
    issuer.province_word = element.attribute_or_empty("province-word");
    issuer.environment = element.attribute_or_empty("environment");
    if (auto values = check_values(element, issuer); !values) return values.error();
    for (const XmlElement& child : element.children) {
      auto seal = read_seal(child);
      if (!seal) return seal.error();
      issuer.seals.push_back(std::move(seal).value());
    }
    return issuer;
  }

  Result<void> check_values(const XmlElement& element, const Issuer& issuer) const {
    auto code = CreditCode::parse(issuer.code);
    if (!code)
      return wrong("issuers.code", element,
                   "code=\"" + issuer.code + "\": " + code.error().message);
    if (code.value().text() != issuer.code) {
      return wrong("issuers.code", element, "code=\"" + issuer.code + "\": write it in upper case");
    }
    const bool digits = std::all_of(issuer.area.begin(), issuer.area.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
    if (issuer.area.size() != 6 || !digits) {
      return wrong("issuers.shape", element,
                   "area=\"" + issuer.area + "\" is not six digits (GB/T 2260)");
    }
    const auto& environment = issuer.environment;
    if (environment != "sandbox" && environment != "acceptance" && environment != "production") {
      return wrong(
          "issuers.shape", element,
          "environment=\"" + environment + "\" is none of sandbox, acceptance, production");
    }
    return {};
  }

  Result<IssuerSeal> read_seal(const XmlElement& element) const {
    if (auto shape = expect(element, "seal", {"id", "signer"}); !shape) return shape.error();
    IssuerSeal seal;
    seal.seal_id = element.attribute_or_empty("id");
    seal.signer = element.attribute_or_empty("signer");
    for (const XmlElement& child : element.children) {
      if (auto shape = expect(child, "type", {"code"}); !shape) return shape.error();
      auto type = TypeCode::parse(child.attribute_or_empty("code"));
      if (!type) return wrong("issuers.code", child, type.error().message);
      seal.type_codes.push_back(type.value().text());
    }
    if (seal.type_codes.empty()) return wrong("issuers.shape", element, "the seal names no type");
    return seal;
  }

  Result<void> refuse_same(const XmlElement& at, const Issuer& earlier,
                           const Issuer& issuer) const {
    if (earlier.code == issuer.code) {
      return wrong("issuers.duplicate", at,
                   "an issuer with code \"" + issuer.code + "\" stands above already");
    }
    if (earlier.name == issuer.name) {
      return wrong("issuers.duplicate", at,
                   "an issuer named \"" + issuer.name + "\" stands above already");
    }
    return {};
  }

  std::string file_;
};

const Issuer* find_by(const std::vector<Issuer>& issuers, std::string Issuer::*member,
                      std::string_view value) {
  for (const Issuer& issuer : issuers) {
    if (issuer.*member == value) return &issuer;
  }
  return nullptr;
}

}  // namespace

const Issuer* IssuerDirectory::by_code(std::string_view code) const {
  return find_by(issuers_, &Issuer::code, code);
}
const Issuer* IssuerDirectory::by_area(std::string_view area) const {
  return find_by(issuers_, &Issuer::area, area);
}
const Issuer* IssuerDirectory::by_name(std::string_view name) const {
  return find_by(issuers_, &Issuer::name, name);
}

Result<IssuerDirectory> parse_issuers(std::string_view xml, std::string_view file) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return root.error();
  auto issuers = IssuersReader(file).read(root.value());
  if (!issuers) return issuers.error();
  return IssuerDirectory(std::move(issuers).value());
}

}  // namespace certbridge
