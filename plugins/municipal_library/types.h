// How the library is told of certificate types, and what it publishes of their faces.
#pragma once

#include <string>
#include <vector>

#include "caller.h"
#include "certbridge/certificate_type.h"
#include "certbridge/endpoint.h"

namespace certbridge::municipal_library {

// Tells one version of a type. Saying it again changes nothing there, and counts as done. Codes:
// those of LibraryCaller::ask(), "municipal.not_offered".
Result<Receipt> tell_type(LibraryCaller& caller, const CertificateType& type,
                          const TypeVersion& version, Timestamp now, const Call& context);

// The same for the version that a message of type "catalogue.type" holds: also "municipal.type" and
// "municipal.record".
Result<Receipt> tell_type_of(LibraryCaller& caller, const Message& message, Timestamp now,
                             const Call& context);
// What holds up a type as a whole is nothing of this certificate: the host is told so.
Error for_the_host(const Error& error);

// The fields that the library publishes of a type; none when it does not know the type. Codes as
// above, and "municipal.garbled".
Result<std::vector<TypeField>> ask_face(LibraryCaller& caller, const std::string& type_code,
                                        const Call& context);
// Whether the dialect says how it is asked for them.
bool publishes_faces(const Dialect& dialect);

// The answer to "catalogue.face": records with a set "face" of rows name, label and required.
std::string write_face(const std::vector<TypeField>& fields);

}  // namespace certbridge::municipal_library
