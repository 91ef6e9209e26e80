// The calls that bring a certificate into the library.
#pragma once

#include "caller.h"
#include "certbridge/endpoint.h"
#include "progress.h"

namespace certbridge::municipal_library {

// One attempt to have the certificate held. Resumes after the last call that is known to be done;
// what the library says is there already is compared first. Errors: those of LibraryCaller::ask(),
// "municipal.different", "municipal.in_progress", "municipal.not_found", and those of Memory.
Result<Receipt> collect(LibraryCaller& caller, Subject& subject, ProgressBook& book, Timestamp now,
                        const Call& context);

// The five answers. What lies half done at a library of several calls counts as absent: send()
// finishes it. Once the last call was answered "received" it is in progress.
Result<Confirmation> confirm_collected(LibraryCaller& caller, const Subject& subject,
                                       ProgressBook& book, Timestamp now, const Call& context);

// A receipt of what the library has done, or (open) has only received. "municipal.garbled" when it
// says "received" and names no receipt.
Receipt settled_receipt(std::string remote_id, Timestamp now);
Result<Receipt> open_receipt(const Dialect& dialect, const Answer& answer, std::string remote_id,
                             Timestamp now);

}  // namespace certbridge::municipal_library
