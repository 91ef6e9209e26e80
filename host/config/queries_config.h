// Where queries are taken and how each is answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/place.h"

namespace certbridge::host {

// What a caller may want of a query route.
enum class QueryKind : std::uint8_t {
  kFind = 1,          // certificates of a holder, or one by its identifier or number
  kFile = 2,          // the file of one
  kVerify = 3,        // whether a file is what its issuer issued
  kAvailability = 4,  // which types are there, before paper is asked for
  kCompare = 5,       // what is printed, beside what the source holds
};
std::string to_text(QueryKind kind);  // as route files write it: "find"
std::optional<QueryKind> query_kind(std::string_view word);

// One endpoint that is asked.
struct QuerySource {
  std::string endpoint{};
  std::set<std::string> types{};  // that it is asked for; empty: every type
  std::chrono::milliseconds timeout{3000};
  Place place{};
};

// Sources that are asked at the same time. The next step is asked when none of them found anything,
// or after `hedge_after` while one of them has not answered yet.
struct QueryStep {
  std::vector<QuerySource> sources{};
  std::optional<std::chrono::milliseconds> hedge_after{};
};

// Who makes annotated copies (加注件) of files whose original may not leave, and what they say.
struct QueryCopy {
  std::string endpoint{};
  std::chrono::hours valid{0};
  std::chrono::milliseconds timeout{10'000};
  // Words for people, by the name of the purpose and the code of the using unit; what is not here
  // is called by its name or code.
  std::map<std::string, std::string> purposes{};
  std::map<std::string, std::string> units{};
  Place place{};
};

// What sources found is kept for a while.
struct QueryCache {
  std::chrono::milliseconds keep{0};
  std::size_t entries = 1000;
  std::size_t bytes = 16'000'000;
};

struct QueryRouteConfig {
  std::string name{};
  std::set<QueryKind> answers{};
  std::string case_endpoint{};  // responder that proves cases; empty: none
  std::chrono::milliseconds case_timeout{2000};
  Place case_place{};
  std::optional<QueryCopy> copy{};
  std::optional<QueryCache> cache{};
  std::chrono::milliseconds budget{5000};  // of all sources together, the case apart
  std::vector<QueryStep> steps{};          // in order
  Place place{};
};

// <queries> of certbridge.xml. Paths are absolute or relative to the working folder, as those of
// the file itself.
struct QueriesConfig {
  bool given = false;
  std::string listen{};  // "127.0.0.1:9480"
  std::string policy_file{};
  std::string callers_file{};
  std::string routes_folder{};
  std::string certificate{};  // PEM; empty: no TLS
  std::string key{};
  std::string client_ca{};
  std::string used_types_folder{};  // both or none: the guide needs them
  std::string items_file{};
  std::vector<QueryRouteConfig> routes{};  // in order of their files: the first that answers counts
  Place place{};
};

}  // namespace certbridge::host
