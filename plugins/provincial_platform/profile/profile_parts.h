// The parts of a profile that a patch has too. What an element does not say stays as it was, so
// the same words make a rule and change one.
#pragma once

#include "certbridge/xml.h"
#include "profile/profile.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {

void apply_values(ProfileReader& reader, const XmlElement& element, ValueRules& rules);
void apply_repetitions(ProfileReader& reader, const XmlElement& element, Repetitions& rules);
// All but the name.
void apply_field(ProfileReader& reader, const XmlElement& element, HeadField& field);
// All but the name; `profile` has the lists of codes.
void apply_attribute(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                     AttributeRule& rule);
// A field of the head, with its name.
HeadField read_head_field(ProfileReader& reader, const XmlElement& element);
void add_codes(ProfileReader& reader, const XmlElement& element, std::set<std::string>& codes);
// A table with its attributes, which the profile does not have yet.
TableRule read_table(ProfileReader& reader, const XmlElement& element, const Profile& profile);
// A kind of message for each of its RecTypes, which the profile does not have yet.
void read_message(ProfileReader& reader, const XmlElement& element, Profile& profile);
// Fails unless the head has what every message needs, each once.
void check_head(ProfileReader& reader, const XmlElement& element, const Profile& profile);

}  // namespace certbridge::provincial_platform
