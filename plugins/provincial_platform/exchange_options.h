// What parts of this plugin are set up with: files of options, and the way to the platform.
#pragma once

#include <memory>
#include <string>

#include "certbridge/options.h"
#include "file_drop.h"
#include "http_replies.h"
#include "patch.h"
#include "profile.h"
#include "signature.h"

namespace certbridge::provincial_platform {

// The generation of the option profile; codes as parse_profile().
Result<Profile> profile_of(const Config& config);
// Makes of the generation what the province of the option patch has: nothing without it; codes as
// parse_patch().
Result<Patch> patch_of(const Config& config, Profile& profile);
// The key of the option signing-key.
Result<SigningKey> signing_key_of(const Config& config, unsigned least_bits);
// By the option transport: folders with these names, or HTTP with the paths of the options
// message-path and response-path and these answers. "provincial.option" for a path without {number}
// and when no answers are known.
Result<std::unique_ptr<Transport>> transport_of(Context& context, FileNames names,
                                                HttpReplies replies);

}  // namespace certbridge::provincial_platform
