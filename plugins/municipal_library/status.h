// The calls by which the library is told how a certificate stands.
#pragma once

#include <string>

#include "caller.h"
#include "certbridge/endpoint.h"

namespace certbridge::municipal_library {

// What is told, in our words (status_word() of certbridge/life.h).
struct StatusChange {
  std::string word{};
  std::string before{};  // what the library was told last; may be empty
};

// One attempt to have it so. Done before counts as done, and what the library says the same of is
// asked about first and not said again. Fills in the subject's status_word and, when it has none,
// its status_reason. Codes: those of LibraryCaller::ask(), kCodeNotHeld (the library never had it),
// "municipal.state_conflict".
Result<Receipt> tell_status(LibraryCaller& caller, Subject& subject, const StatusChange& change,
                            Timestamp now, const Call& context);

// The answers of Sink::confirm(); kCodeNotHeld as above.
Result<Confirmation> confirm_status(LibraryCaller& caller, const Subject& subject,
                                    const StatusChange& change, Timestamp now, const Call& context);

}  // namespace certbridge::municipal_library
