// Certificates of a holder, by identifier or by number, in the calls of the dialect.
#pragma once

#include "caller.h"
#include "certbridge/query.h"

namespace certbridge::municipal_library {

// What the library has of what is asked; nothing at all is an empty answer. Any thread. Codes:
// those of LibraryCaller::ask() and read_found(), "municipal.not_offered" (the dialect has no such
// call), "municipal.garbled" (another certificate than the one that was asked for).
Result<FindAnswer> find_certificates(LibraryCaller& caller, const FindQuestion& question,
                                     const Call& call);

// A question that the dialect has no call for.
Error not_offered(const std::string& what);

}  // namespace certbridge::municipal_library
