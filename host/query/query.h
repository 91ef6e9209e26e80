// What a caller wants, as he writes it, and what he is answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/query.h"
#include "config/queries_config.h"

namespace certbridge::host {

// Members that a kind of query does not have are empty.
struct Query {
  std::string purpose{};
  std::string role{};  // empty: the only one that the person has
  std::string ground_kind{};
  std::string ground{};
  bool provisional = false;
  std::string authorisation{};
  std::optional<QueriedHolder> holder{};
  std::string identifier{};
  std::string number{};
  std::vector<std::string> types{};
  bool original = false;                           // file
  std::vector<FoundCertificate::Field> printed{};  // compare
  std::string file{};                              // verify: its bytes
};

// What paper is taken for: a query that found nothing.
struct PaperAccepted {
  std::uint64_t record = 0;
  std::string type{};  // code of the certificate that was brought on paper; may be empty
};

// The archive package of a case; purpose, role and ground are those of `right`.
struct CaseWanted {
  Query right{};
  std::string case_no{};
};

// A certificate is objected to, or paper was asked for although there was one.
struct RaisedObjection {
  std::uint64_t record = 0;  // an access; of a complaint it may be 0
  // Which certificate of that access, where there are several.
  std::string identifier{};
  std::string number{};
  std::string type{};
  std::vector<std::string> fields{};  // objection: names of what is not so
  std::string unit{};                 // complaint: who asked for paper
  std::string text{};
  // Complaint without an access of one's own: `purpose`, `ground_kind` and so on; else empty.
  Query ground{};
};

// A holder's question who used his certificates.
struct OwnUses {
  Query ground{};
  std::optional<Timestamp> from{};
  std::optional<Timestamp> until{};
  std::uint64_t before = 0;  // the `next` of the page before; 0: the first
};

inline constexpr std::size_t kLargestQuery = 64UL * 1024;                // bytes of a body
inline constexpr std::size_t kLargestVerifiedFile = 20UL * 1024 * 1024;  // bytes
// A verification carries its file in base64.
inline constexpr std::size_t kLargestVerification = kLargestVerifiedFile / 3 * 4 + kLargestQuery;

// Bodies are one JSON object, strictly read. Permanent errors:
//   query.body    no JSON object, one that is nested too deep, or one with a member twice
//   query.member  a member that this query does not have; it is named
//   query.value   a member that is missing, or whose value cannot be
Result<Query> read_query(QueryKind kind, std::string_view body);
Result<PaperAccepted> read_paper_accepted(std::string_view body);
Result<CaseWanted> read_case_wanted(std::string_view body);
Result<RaisedObjection> read_objection(std::string_view body);
Result<RaisedObjection> read_complaint(std::string_view body);
Result<std::string> read_withdrawal(std::string_view body);  // why
Result<OwnUses> read_own_uses(std::string_view body);

// What a caller is answered.
struct QueryResponse {
  int status = 500;    // of HTTP
  std::string body{};  // JSON; empty where a file is answered
  std::map<std::string, std::string> headers{};
  std::optional<std::chrono::milliseconds> retry_after{};
  std::optional<Attachment> file{};
};
// {"code":...,"message":...} with the status of the code.
QueryResponse refusal(const Error& error);

}  // namespace certbridge::host
