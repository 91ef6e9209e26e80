// What a library's log says of the uses of one day, counted while it is read.
#pragma once

#include <cstdint>
#include <map>

#include "certbridge/endpoint.h"
#include "certbridge/uses.h"

namespace certbridge::host {

inline constexpr std::uint64_t kMostLoggedUses = 1'000'000;  // of one library and day
inline constexpr std::size_t kMostLoggedKinds = 10'000;      // that differ

struct LoggedUses {
  bool offered = false;
  std::map<LoggedUse, std::uint64_t> counts{};
};

// Every page of the day. "reconcile.books_damaged": an answer without a body, pages without end;
// "reconcile.too_many": more than kMostLoggedUses, or kMostLoggedKinds of them; and those of the
// responder.
Result<LoggedUses> ask_logged_uses(Responder& responder, UsesQuestion question, const Call& call);

}  // namespace certbridge::host
