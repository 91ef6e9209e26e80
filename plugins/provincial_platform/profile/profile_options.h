// The files of profile and patch, as options name them.
#pragma once

#include "certbridge/context.h"
#include "profile/patch.h"
#include "profile/profile.h"

namespace certbridge::provincial_platform {

// The generation of the option profile; codes as parse_profile().
Result<Profile> profile_of(const Config& config);
// Makes of the generation what the province of the option patch has: nothing without it; codes as
// parse_patch().
Result<Patch> patch_of(const Config& config, Profile& profile);

}  // namespace certbridge::provincial_platform
