// What whoever raised an objection is answered, and what requests on a ground of one's own begin
// with.
#pragma once

#include <vector>

#include "access/policy/request.h"
#include "objections/objection.h"
#include "query/query.h"

namespace certbridge::host {

// What he may see of it: all that he wrote, and what the reviewer answered; not who the reviewer
// is.
struct ShownObjection {
  Objection objection{};
  std::vector<StatedText> written{};
  std::vector<StatedText> answered{};
};
// With the number of the access record.
QueryResponse objection_response(const std::string& code, std::uint64_t record,
                                 const ShownObjection& shown);

// A request by this caller about himself, on the ground that he names.
AccessRequest request_on(const Query& ground, const Caller& caller);

}  // namespace certbridge::host
