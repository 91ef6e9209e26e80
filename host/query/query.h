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
