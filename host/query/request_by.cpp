#include "query/request_by.h"

#include <utility>

namespace certbridge::host {

AccessRequest request_by(Caller caller, const Query& right) {
  AccessRequest request;
  request.caller = std::move(caller);
  request.role = right.role;
  if (request.role.empty() && request.caller.person && request.caller.person->roles.size() == 1) {
    request.role = request.caller.person->roles.front();
  }
  request.ground_kind = right.ground_kind;
  request.ground = right.ground;
  request.provisional = right.provisional;
  request.authorisation = right.authorisation;
  request.purpose = right.purpose;
  return request;
}

}  // namespace certbridge::host
