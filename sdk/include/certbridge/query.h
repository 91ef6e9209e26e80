// Questions about certificates and about the case that somebody asks for, and their answers: what
// the host and responders tell each other. Questions travel as messages whose body is the question
// (kQueryMediaType); files travel as attachments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge {

struct XmlElement;  // certbridge/xml.h

inline constexpr const char* kQueryMediaType = "application/vnd.certbridge.query+xml";
// Types of questions.
inline constexpr const char* kFindQuestion = "certificates.find";
inline constexpr const char* kFileQuestion = "certificate.file";
inline constexpr const char* kVerifyQuestion = "certificate.verify";
inline constexpr const char* kCaseQuestion = "case.facts";
inline constexpr const char* kCopyQuestion = "certificate.copy";
inline constexpr std::size_t kMostFound = 100;        // certificates of an answer
inline constexpr std::size_t kMostFoundFields = 200;  // of a certificate

// On whose behalf and what for: a counterpart is told so in its own fields.
struct AskedFor {
  std::string purpose{};  // its code, as the policy names it
  std::string item{};     // code of the item (事项) of the case; may be empty
  std::string basis{};    // number of the ground: of the case, order or document
  std::string unit{};     // using unit, its credit code
  std::string person{};   // who asks, as the assertion names him; may be empty
  bool operator==(const AskedFor&) const = default;
};

// Code of a holder with its type (GB/T 36903): "111" and a citizen's number, "001" and a credit
// code… A foreign library may know none of it: then the texts are its own.
struct QueriedHolder {
  std::string name{};
  std::string code_type{};
  std::string code{};
  bool operator==(const QueriedHolder&) const = default;
};

// Certificates of a holder, or one by its identifier or number; exactly one of the three.
struct FindQuestion {
  std::optional<QueriedHolder> holder{};  // its code is never empty
  std::string identifier{};               // 电子证照标识
  std::string number{};                   // 证照编号, as written
  std::vector<std::string> types{};       // type codes that are wanted; empty: every type
  AskedFor asked_for{};
  bool operator==(const FindQuestion&) const = default;
};

// A certificate of any authority as its source holds it: what is not among these members is data.
struct FoundCertificate {
  std::string type_code{};
  std::string type_name{};
  std::string number{};
  std::string identifier{};
  std::string version{};  // as written there
  std::string issuer_code{};
  std::string issuer_name{};
  std::vector<QueriedHolder> holders{};
  std::string issued_on{};  // YYYY-MM-DD, as the next two; or empty
  std::string effective_from{};
  std::string expires_on{};
  std::string status{};  // a word of status_word() (certbridge/life.h); empty: not one we know
  std::string said{};    // the source's own word for it
  std::string file{};    // by which the same responder gives its file; empty: it has none
  struct Field {
    std::string name{};  // as the source calls it: "KZ_ZL", "经营范围"
    std::string value{};
    bool operator==(const Field&) const = default;
  };
  std::vector<Field> fields{};
  bool operator==(const FoundCertificate&) const = default;
};

struct FindAnswer {
  std::vector<FoundCertificate> found{};
  std::optional<Timestamp> as_of{};  // when the source's data were so; empty: now
};

// The file of a found certificate. The answer is a message with one attachment.
struct FileQuestion {
  std::string file{};  // FoundCertificate::file
  std::string identifier{};
  AskedFor asked_for{};
  bool operator==(const FileQuestion&) const = default;
};

// Whether a file is what its issuer issued; the file is the message's one attachment.
struct VerifyQuestion {
  AskedFor asked_for{};
  bool operator==(const VerifyQuestion&) const = default;
};
struct VerifyAnswer {
  enum class Verdict : std::uint8_t { kGenuine = 1, kNotGenuine = 2, kCannotTell = 3 };
  Verdict verdict = Verdict::kCannotTell;
  std::string reason{};  // for people; no personal data
  std::string identifier{};
  std::string status{};  // as FoundCertificate::status
  bool operator==(const VerifyAnswer&) const = default;
};

// An annotated copy (加注件, GB/T 36903) of a file for one use; the file is the message's one
// attachment, and so is the copy that answers it. What it says names no person.
struct CopyQuestion {
  std::string unit{};   // using unit, in words or as its credit code
  std::string cause{};  // 事由: the purpose in words, with the number of the ground
  Timestamp made{};
  Timestamp expires{};
  bool operator==(const CopyQuestion&) const = default;
};

// What a person is in a case.
enum class PartyRole : std::uint8_t {
  kApplicant = 1,
  kHolder = 2,   // 权利人
  kObligor = 3,  // 义务人
  kAgent = 4,
  kGuardian = 5,
  kSpouse = 6,
  kLegalRepresentative = 7,
};
std::string to_word(PartyRole role);  // "legal-representative"
std::optional<PartyRole> party_role(std::string_view word);

struct CaseParty {
  PartyRole role = PartyRole::kApplicant;
  QueriedHolder who{};
  bool operator==(const CaseParty&) const = default;
};

struct CaseQuestion {
  std::string case_no{};
  bool provisional = false;  // a number that was given before the case was accepted
  bool operator==(const CaseQuestion&) const = default;
};
// A case of the registration system as it stands now.
struct CaseFacts {
  bool known = false;  // nothing else counts when it is not
  std::string case_no{};
  std::string provisional_no{};  // under which it was asked about before it was accepted
  bool provisional = false;      // not accepted yet
  bool open = false;             // accepted or provisional, and not concluded, withdrawn or refused
  Timestamp started{};
  std::string area{};
  std::string unit{};                    // that handles it: credit code
  std::string item{};                    // 事项编码
  std::vector<std::string> handlers{};   // persons who may handle it, as assertions name them
  std::vector<std::string> materials{};  // type codes among the item's materials
  std::vector<CaseParty> parties{};
  bool operator==(const CaseFacts&) const = default;
};

// Canonical XML (urn:certbridge:query:1), deterministic: equal values, equal bytes. Reading is
// strict: those of parse_xml, "query.shape" (an element, attribute or child that is not known, or
// one that is missing) and "query.value" (a value that cannot be, texts over 4 kB, more than
// kMostFound or kMostFoundFields).
std::string write_find_question(const FindQuestion& question);
std::string write_file_question(const FileQuestion& question);
std::string write_verify_question(const VerifyQuestion& question);
std::string write_case_question(const CaseQuestion& question);
std::string write_copy_question(const CopyQuestion& question);
Result<FindQuestion> parse_find_question(std::string_view xml);
Result<FileQuestion> parse_file_question(std::string_view xml);
Result<VerifyQuestion> parse_verify_question(std::string_view xml);
Result<CaseQuestion> parse_case_question(std::string_view xml);
Result<CopyQuestion> parse_copy_question(std::string_view xml);
std::string write_find_answer(const FindAnswer& answer);
std::string write_verify_answer(const VerifyAnswer& answer);
std::string write_case_facts(const CaseFacts& facts);
Result<FindAnswer> parse_find_answer(std::string_view xml);
Result<VerifyAnswer> parse_verify_answer(std::string_view xml);
Result<CaseFacts> parse_case_facts(std::string_view xml);
// The same where <case-facts> stands in a document that is parsed already.
Result<CaseFacts> read_case_facts(const XmlElement& root);

}  // namespace certbridge
