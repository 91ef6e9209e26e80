// The canonical certificate: what every plugin and the host agree on, whatever the dialects say.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/identifiers.h"
#include "certbridge/message.h"

namespace certbridge {

inline constexpr const char* kCertificateMediaType = "application/vnd.certbridge.certificate+xml";

// Code of a holder with its type (GB/T 36903, codes 001 099 111 114 ... 999).
class HolderCode {
 public:
  // 111 is parsed as CitizenId and 001 as CreditCode; the others are bounded text.
  // Codes: "holder_code.type", "holder_code.empty", "holder_code.shape" (longer than 64 bytes, not
  // UTF-8), and those of the parsed kinds.
  static Result<HolderCode> parse(std::string_view type, std::string_view text);
  const std::string& type() const { return type_; }
  const std::string& text() const { return text_; }
  // False only for a credit code whose inner organisation code does not check.
  bool inner_check_holds() const { return inner_check_holds_; }

 private:
  HolderCode() = default;
  std::string type_{};
  std::string text_{};
  bool inner_check_holds_ = true;
};

// An exact share: numerator and denominator, as "1/3" or "33.3%" mean it.
class Share {
 public:
  static Result<Share> parse(std::string_view text);  // "share.shape", "share.range"
  std::int64_t numerator() const { return numerator_; }
  std::int64_t denominator() const { return denominator_; }
  const std::string& text() const { return text_; }  // as written

 private:
  Share() = default;
  std::int64_t numerator_ = 1;
  std::int64_t denominator_ = 1;
  std::string text_{};
};

struct Holder {
  std::string name{};
  HolderCode code;
  std::optional<Share> share{};
};

enum class Holding : std::uint8_t {
  kSole = 1,      // 单独所有
  kJoint = 2,     // 共同共有
  kByShares = 3,  // 按份共有
  kOther = 4,     // 其它共有
};

// Base states of architecture.md; only what is issued or changed here.
struct Status {
  enum class Base : std::uint8_t {
    kIssued = 1,
    kValid = 2,
    kExpired = 3,
    kCancelled = 4,
    kRevoked = 5,
    kAbolished = 6,
    kVoided = 7,
    kLost = 8,
  };
  Base base = Base::kIssued;
  std::string reason{};
  Timestamp since{};
};

enum class RightState : std::uint8_t { kProvisional = 1, kCurrent = 2, kHistoric = 3, kEnded = 4 };

struct FaceItem {
  std::string key{};    // short name of the extension field: "KZ_ZL"
  std::string value{};  // may have line breaks
};

// One certificate or proof. Dates are local calendar days (+08:00).
struct Certificate {
  CertificateKind kind = CertificateKind::kTitle;
  TypeCode type_code;
  CertificateIdentifier identifier;
  CertificateNumber number;
  std::string issuer_code{};
  std::string issuer_name{};
  std::string area{};
  std::chrono::year_month_day issued_on{};
  std::optional<std::chrono::year_month_day> effective_from{};
  std::optional<std::chrono::year_month_day> expires_on{};
  Holding holding = Holding::kSole;
  // 分别持证: co-owners hold certificates of their own, so that the shares here are a part only.
  bool held_separately = false;
  RightState right_state = RightState::kCurrent;
  std::vector<Holder> holders{};
  std::vector<Holder> obligors{};  // 义务人; proofs only
  std::vector<UnitCode> units{};
  std::string case_no{};
  std::string case_id{};
  std::string certificate_id{};  // the registration system's own id of the certificate
  std::string paper_serial{};    // 印制号; may be empty
  std::vector<std::string> previous_numbers{};  // normalised numbers that this one follows
  Status status{};
  // Location, right type, nature, use, area, term, other circumstances, notes... in the order and
  // under the short names of the standard (KZ_ZL, KZ_QLLX, KZ_QLXZ, KZ_YT, KZ_MJ, KZ_SYQX,
  // KZ_QLQTZK, KZ_FJ; proofs: KZ_ZMQLSX, KZ_QT).
  std::vector<FaceItem> face{};

  // The value of a face item, or an empty text.
  std::string face_value(std::string_view key) const;
};

// Canonical XML (urn:certbridge:certificate:1), deterministic: equal certificates, equal bytes.
std::string write_certificate(const Certificate& certificate);
// Strict: an unknown element or a wrong value is refused with field and reason. Codes: those of
// parse_xml, "certificate.shape" (structure) and "certificate.value" (any wrong value; the code of
// the parsed kind stands at the end of the message). Numbers and units are read leniently.
Result<Certificate> parse_certificate(std::string_view xml);

// "certificate" order key: type code, normalised number and issuer.
OrderKey certificate_order_key(const Certificate& certificate);
// The same of a certificate of which only these are known; the type code of a number of an older
// form is empty.
OrderKey certificate_key(std::string_view type_code, std::string_view normalised_number,
                         std::string_view issuer_code);

}  // namespace certbridge
