// What a message about a certificate holds: a version that was issued, or how one stands.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "values.h"

namespace certbridge::municipal_library {

// Empty when the message has no such header.
// The body, 8 MB at most: "municipal.type" when there is none, those of Content::read.
Result<std::string> read_record(const Message& message);
// Of certificate.issue. "municipal.type" for every other type, "municipal.record".
Result<Certificate> read_issued(const Message& message);
// Of certificate.status: "municipal.type" without a body, "municipal.record".
Result<LifeRecord> read_life(const Message& message);
// What is told of a status; `life` outlives it. Without a time of its own it happened `now`.
Subject subject_of_status(const Message& message, const LifeRecord& life, Timestamp now);

}  // namespace certbridge::municipal_library
