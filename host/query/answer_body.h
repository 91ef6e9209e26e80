// What leaves in the bodies of answers, as JSON. What may leave was decided before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/policy/disclosure.h"
#include "access/records/access_record.h"
#include "certbridge/query.h"
#include "objections/objections.h"

namespace certbridge::host {

// One certificate as it may be seen, and where it comes from.
struct AnsweredCertificate {
  std::string source{};              // endpoint
  std::optional<Timestamp> as_of{};  // when the source's data were so; empty: when it was asked
  bool cached = false;               // kept from an earlier query
  std::string status{};              // at the source; empty: not one that we know
  DisclosedCertificate disclosed{};
  std::optional<ObjectionMark> objection{};  // that is open against it
};

// Whether there is one of a type.
struct AvailableType {
  enum class State : std::uint8_t { kYes = 1, kNo = 2, kUnknown = 3 };
  std::string type{};
  State state = State::kUnknown;
};

// The part of an answer that says something about certificates: the digest in its record is of
// these bytes.
std::string certificate_text(const AnsweredCertificate& certificate, Timestamp now);
std::string certificates_part(const std::vector<std::string>& certificate_texts);
std::string types_part(const std::vector<AvailableType>& types);
std::string verification_part(const std::string& source, const VerifyAnswer& answer, Timestamp now);
std::string comparison_part(const AnsweredCertificate& certificate,
                            const std::vector<ComparedField>& fields, Timestamp now);

// What an answer says besides.
struct AnswerFrame {
  std::string code{};     // "found", "none-found", "sources-unavailable"…
  std::string message{};  // for people; may be empty
  std::uint64_t record = 0;
  std::vector<AskedSource> sources{};
  bool paper_allowed = false;
  std::optional<std::chrono::seconds> try_again{};
};
// {"code":...,"record":...,PART,"sources":[...]}; `part` is one of the parts above, or empty.
std::string answer_text(const AnswerFrame& frame, const std::string& part);

}  // namespace certbridge::host
