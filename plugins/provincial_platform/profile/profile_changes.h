// What a patch changes of the generation itself: before anything is built, and so in the schema.
#pragma once

#include <set>
#include <string>

#include "profile/profile.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {

// Changes `profile` as one element of a patch says. False when the element is none of these:
// values, identifier, field, change-field, list, attribute, change-attribute, leave-out, table,
// move-table, message, change-message. What cannot be done is said to the reader.
bool change_profile(ProfileReader& reader, const XmlElement& element, Profile& profile);

// The RecTypes that the element names, each one of the profile; empty: it names none.
std::set<std::string> rec_types_of(ProfileReader& reader, const XmlElement& element,
                                   const Profile& profile);
// The tables, separated by blanks, that the attribute names; each one of the profile, at least one.
std::vector<std::string> tables_of(ProfileReader& reader, const XmlElement& element,
                                   const char* attribute, const Profile& profile);

}  // namespace certbridge::provincial_platform
