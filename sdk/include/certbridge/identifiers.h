// The numbers of the domain, each parsed once at the edge and never wrong afterwards.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge {

// ISO 7064 MOD 37,36 check character over 0-9A-Z; a null character for any other input.
char iso7064_mod37_36(std::string_view body);

// Unified social credit code (GB 32100-2015), 18 characters.
class CreditCode {
 public:
  // Codes: "credit_code.shape", "credit_code.check_digit".
  static Result<CreditCode> parse(std::string_view text);
  const std::string& text() const { return text_; }
  // Whether positions 9 to 17 pass the check of GB 11714; legal codes exist that do not.
  bool inner_check_holds() const { return inner_check_holds_; }
  auto operator<=>(const CreditCode&) const = default;

 private:
  CreditCode() = default;
  std::string text_{};
  bool inner_check_holds_ = false;
};

// Citizen identity number (GB 11643-1999), 18 characters, upper-case X. Fifteen digits are
// completed; full-width digits are folded.
class CitizenId {
 public:
  // Codes: "citizen_id.shape", "citizen_id.date", "citizen_id.check_digit".
  static Result<CitizenId> parse(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const CitizenId&) const = default;

 private:
  CitizenId() = default;
  std::string text_{};
};

// Real-estate unit code (GB/T 37346-2019), 28 characters, blanks removed.
class UnitCode {
 public:
  // For writing. Codes: "unit_code.length", "unit_code.shape", "unit_code.ownership" (joint rules
  // of positions 13 and 14).
  static Result<UnitCode> parse_strict(std::string_view text);
  // For reading what others hold: any letter at 13, 14 and 20, letters in the unit part. The text
  // is the form to compare all the same. Codes: "unit_code.length", "unit_code.shape".
  static Result<UnitCode> parse_lenient(std::string_view text);
  const std::string& text() const { return text_; }
  std::string area() const { return text_.substr(0, 6); }
  std::string parcel() const { return text_.substr(0, 19); }
  // Groups 6 6 7 9 with blanks, as printed.
  std::string printed() const;
  auto operator<=>(const UnitCode&) const = default;

 private:
  UnitCode() = default;
  std::string text_{};
};

enum class CertificateKind : std::uint8_t {
  kTitle = 1,  // 不动产权证书
  kProof = 2,  // 不动产登记证明
};

// Certificate or proof number, raw as written and in a form to compare.
class CertificateNumber {
 public:
  // For writing: the template form, with a pair of full-width or of half-width brackets, because
  // offices print either and the number is sent as it is printed. Codes:
  // "certificate_number.shape".
  static Result<CertificateNumber> parse_strict(std::string_view text);
  // For reading what others hold: other brackets, 5 to 20 digits, void marks, blanks, any place.
  // Codes: "certificate_number.shape".
  static Result<CertificateNumber> parse_lenient(std::string_view text);
  const std::string& raw() const { return raw_; }
  // Blanks removed, full-width digits and brackets folded to ASCII, trailing void mark dropped.
  const std::string& normalised() const { return normalised_; }
  CertificateKind kind() const { return kind_; }
  const std::string& province_word() const { return province_word_; }
  int year() const { return year_; }
  const std::string& place_word() const { return place_word_; }  // may be empty
  const std::string& serial() const { return serial_; }
  bool void_mark() const { return void_mark_; }
  // Equal when the normalised forms are.
  bool same_as(const CertificateNumber& other) const { return normalised_ == other.normalised_; }

 private:
  CertificateNumber() = default;
  static Result<CertificateNumber> parse(std::string_view text, bool strictly);
  std::string raw_{};
  std::string normalised_{};
  CertificateKind kind_ = CertificateKind::kTitle;
  std::string province_word_{};
  int year_ = 0;
  std::string place_word_{};
  std::string serial_{};
  bool void_mark_ = false;
};

// The normalised form of any text that is compared as a certificate number, also legacy ones.
std::string normalise_certificate_number(std::string_view text);
// Parts of a field that holds several numbers, split at comma, full-width comma, 、 and semicolon.
std::vector<std::string> split_certificate_numbers(std::string_view text);

// Certificate type code (GB/T 36902): credit code of the defining body and three characters.
class TypeCode {
 public:
  static Result<TypeCode> parse(std::string_view text);  // "type_code.shape", "credit_code...."
  const std::string& text() const { return text_; }
  auto operator<=>(const TypeCode&) const = default;

 private:
  TypeCode() = default;
  std::string text_{};
};
inline constexpr const char* kTitleTypeCode = "11100000MB03271699001";
inline constexpr const char* kProofTypeCode = "11100000MB03271699022";

// Electronic certificate identifier (GB/T 36904-2018):
// 1.2.156.3005.2.<type 21>.<issuer 18>.<serial 1..36>.<version 3>.<check>
class CertificateIdentifier {
 public:
  // Codes: "identifier.shape", "identifier.root", "identifier.check_character", "credit_code....".
  static Result<CertificateIdentifier> parse(std::string_view text);
  // As parse, but tolerates an issuer of six digits: such identifiers exist at counterparts.
  static Result<CertificateIdentifier> parse_lenient(std::string_view text);
  // Serial 1 to 36 characters of 0-9A-Z; version 1 to 999.
  static Result<CertificateIdentifier> compose(const TypeCode& type, const CreditCode& issuer,
                                               std::string_view serial, int version);
  const std::string& text() const { return text_; }
  const std::string& type_code() const { return type_code_; }
  const std::string& issuer_code() const { return issuer_code_; }
  const std::string& serial() const { return serial_; }
  int version() const { return version_; }
  auto operator<=>(const CertificateIdentifier&) const = default;

 private:
  CertificateIdentifier() = default;
  std::string text_{};
  std::string type_code_{};
  std::string issuer_code_{};
  std::string serial_{};
  int version_ = 1;
};

}  // namespace certbridge
