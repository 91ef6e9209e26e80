#include <algorithm>

#include "certbridge/identifiers.h"
#include "digits.h"

namespace certbridge {
namespace {

constexpr std::string_view kRoot = "1.2.156.3005.2.";
constexpr std::size_t kLongestSerial = 36;

bool is_upper_or_digit(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }
bool consists_of_upper(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_upper_or_digit);
}
bool consists_of_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

struct Parts {
  std::string type{};
  std::string issuer{};
  std::string serial{};
  std::string version{};
  char check = '\0';
  std::string body() const { return type + issuer + serial + version; }
};

Error wrong_identifier() {
  return Error::permanent("identifier.shape",
                          "an electronic certificate identifier (GB/T 36904) is 1.2.156.3005.2, "
                          "type code (21), issuer (18), serial (1 to 36 of 0-9A-Z), version (3 "
                          "digits, from 001) and check character, joined by dots");
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::vector<std::string> split_at_dots(std::string_view text) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

Result<Parts> parts_of(const std::string& text) {
  if (text.size() > 128) return wrong_identifier();
  if (text.rfind(kRoot, 0) != 0) {
    return Error::permanent("identifier.root",
                            "an electronic certificate identifier begins with 1.2.156.3005.2.");
  }
  const auto fields = split_at_dots(std::string_view(text).substr(kRoot.size()));
  if (fields.size() != 5 || fields[4].size() != 1) return wrong_identifier();
  Parts parts{fields[0], fields[1], fields[2], fields[3], fields[4].front()};
  const bool fits = parts.type.size() == 21 && !parts.serial.empty() &&
                    parts.serial.size() <= kLongestSerial && parts.version.size() == 3 &&
                    consists_of_digits(parts.version) && parts.version != "000" &&
                    consists_of_upper(parts.body()) && is_upper_or_digit(parts.check);
  if (!fits) return wrong_identifier();
  return parts;
}

Result<Parts> checked_parts(const std::string& text) {
  auto parts = parts_of(text);
  if (!parts) return parts;
  if (iso7064_mod37_36(parts.value().body()) != parts.value().check) {
    return Error::permanent("identifier.check_character",
                            "the check character of the electronic certificate identifier does "
                            "not fit (ISO 7064 MOD 37,36): one of its characters is wrong");
  }
  return parts;
}

}  // namespace

Result<CertificateIdentifier> CertificateIdentifier::parse(std::string_view text) {
  auto identifier = parse_lenient(text);
  if (!identifier) return identifier;
  if (auto type = TypeCode::parse(identifier.value().type_code_); !type) return type.error();
  if (auto issuer = CreditCode::parse(identifier.value().issuer_code_); !issuer) {
    return issuer.error();
  }
  return identifier;
}

Result<CertificateIdentifier> CertificateIdentifier::parse_lenient(std::string_view text) {
  const std::string written = upper(text);
  auto parts = checked_parts(written);
  if (!parts) return parts.error();
  const Parts& found = parts.value();
  const bool by_area = found.issuer.size() == 6 && consists_of_digits(found.issuer);
  if (!by_area && found.issuer.size() != 18) return wrong_identifier();
  CertificateIdentifier identifier;
  identifier.text_ = written;
  identifier.type_code_ = found.type;
  identifier.issuer_code_ = found.issuer;
  identifier.serial_ = found.serial;
  identifier.version_ = std::stoi(found.version);
  return identifier;
}

Result<CertificateIdentifier> CertificateIdentifier::compose(const TypeCode& type,
                                                             const CreditCode& issuer,
                                                             std::string_view serial, int version) {
  if (serial.empty() || serial.size() > kLongestSerial || !consists_of_upper(serial) ||
      version < 1 || version > 999) {
    return wrong_identifier();
  }
  std::string digits = std::to_string(version);
  digits.insert(0, 3 - digits.size(), '0');
  const char check = iso7064_mod37_36(type.text() + issuer.text() + std::string(serial) + digits);
  return parse(std::string(kRoot) + type.text() + "." + issuer.text() + "." + std::string(serial) +
               "." + digits + "." + check);
}

}  // namespace certbridge
