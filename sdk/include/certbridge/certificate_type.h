// A type of certificates that is issued here (GB/T 36902): config/catalogue/own/*.xml, and the body
// of the message by which counterparts are told of a version of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge {

inline constexpr const char* kCertificateTypeMediaType =
    "application/vnd.certbridge.certificate-type+xml";
// Type of the message by which a version is pushed; its order key is "type" = type code.
inline constexpr const char* kCertificateTypeMessage = "catalogue.type";

// The question of what fields a counterpart publishes of a type: header "type-code". The answer has
// the header "offered" ("no": it publishes none) and rows (certbridge/record.h) in a set "face":
// name, label, required (yes or no); none of a type that it does not know.
inline constexpr const char* kFaceQuestion = "catalogue.face";

// The code by which a sink says that its counterpart does not know the certificate's type, or not
// yet: a permanent error with it sets the type's lane at the endpoint aside until the counterpart
// takes one. Nothing of what was sent is there.
inline constexpr const char* kCodeTypeNotRegistered = "delivery.type_not_registered";

// How far a version has come (articles 6 and 10 of the measures).
enum class TypeState : std::uint8_t {
  kDraft = 1,      // being written here; nobody is told of it, and it is never in force
  kSubmitted = 2,  // waits for approval
  kApproved = 3,
  kSuspended = 4,  // was approved; nothing of it is delivered for now
};
std::string to_word(TypeState state);  // "draft", "submitted", "approved", "suspended"

// Of certificates of the type: who may hold them.
enum class TypeHolders : std::uint8_t { kPerson = 1, kCompany = 2, kBoth = 3 };
std::string to_word(TypeHolders holders);  // "person", "company", "both"

enum class TypeValidity : std::uint8_t {
  kUnlimited = 1,
  kTerm = 2,   // to the end of the term of the right (使用期限)
  kYears = 3,  // so many years from the day of issue
};
std::string to_word(TypeValidity validity);  // "unlimited", "term", "years"

// 共享属性.
enum class TypeSharing : std::uint8_t { kUnconditional = 1, kConditional = 2, kNone = 3 };
std::string to_word(TypeSharing sharing);  // "unconditional", "conditional", "none"

struct TypeUnit {
  std::string code{};  // GB 32100
  std::string name{};  // in full: counterparts compare names
  bool operator==(const TypeUnit&) const = default;
};
struct TypeItem {
  std::string code{};  // 事项编码
  std::string name{};
  bool operator==(const TypeItem&) const = default;
};
// A field of the face, as counterparts publish it.
struct TypeField {
  std::string name{};   // "KZ_ZL"
  std::string label{};  // "坐落"
  bool required = true;
  bool operator==(const TypeField&) const = default;
};
// What a counterpart asks for beside: a local catalogue number and the like.
struct TypeProperty {
  std::string name{};
  std::string value{};
  bool operator==(const TypeProperty&) const = default;
};

struct TypeVersion {
  int number = 1;
  TypeState state = TypeState::kDraft;
  Timestamp effective{};  // for what is booked from then on
  std::vector<TypeUnit> units{};
  std::vector<TypeItem> items{};
  TypeHolders holders = TypeHolders::kBoth;
  bool several_holders = true;
  // Whether one holder may have several at a time; "no" would refuse an owner's second property.
  bool several_instances = true;
  TypeValidity validity = TypeValidity::kUnlimited;
  int years = 0;                // of kYears
  std::string template_name{};  // of the file in the folder of templates, without ".xml"
  TypeSharing sharing = TypeSharing::kConditional;
  std::vector<TypeField> face{};
  std::vector<TypeProperty> other{};
  int line = 0;  // where it stands in its file, as the next
  int column = 0;
};

struct CertificateType {
  std::string code{};  // GB/T 36902, 21 characters
  std::string name{};
  std::vector<TypeVersion> versions{};  // by number, which is also by effective time
  std::string file{};                   // where it was read from

  const TypeVersion* version(int number) const;  // null when there is none
  // The version for what is booked at this moment: the newest in effect by then that is no draft.
  // What was booked before any is of the first that is no draft; of a type that has only drafts, of
  // the first one. Never null: a type has a version.
  const TypeVersion& in_force(Timestamp booked) const;
};

// Reads urn:certbridge:certificate-type:1 (config/schema/certificate-type.xsd). Errors name
// FILE:LINE:COLUMN. Codes: those of parse_xml, "certificate_type.shape", "certificate_type.value"
// (a wrong code, number, word or time), "certificate_type.order" (versions whose numbers or
// effective times do not rise), "certificate_type.duplicate".
Result<CertificateType> parse_certificate_type(std::string_view xml, std::string_view file);
// One version of it as a document of the same kind, deterministic: the body of the message.
std::string write_certificate_type(const CertificateType& type, const TypeVersion& version);

}  // namespace certbridge
