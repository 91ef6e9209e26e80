// Booked facts to a message of their RecType, as the generation has it.
#pragma once

#include "certbridge/result.h"
#include "message/booked.h"
#include "message/document.h"
#include "profile/profile.h"

namespace certbridge::provincial_platform {

// The RecType that the head names, or the one that follows from registration type and table of the
// right. "provincial.rec_type" when there is none or more than one.
Result<std::string> rec_type_of(const Profile& profile, const Booked& booked);

// Tables and attributes in the order of the wire, values in their written form, placeholders where
// the profile has them. "provincial.facts" for what no message can be made of: tables and fields
// that the RecType does not have, values that are none of their type, and facts that contradict
// each other (case number, unit, registration type). Whatever else is wrong, the schema says.
Result<Document> build_document(const Profile& profile, const Booked& booked);

}  // namespace certbridge::provincial_platform
