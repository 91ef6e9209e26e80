// What parts of this plugin are set up with: the signing key, and the way to the platform.
#pragma once

#include <memory>

#include "certbridge/context.h"
#include "exchange/file_drop.h"
#include "exchange/http_replies.h"
#include "exchange/signature.h"

namespace certbridge::provincial_platform {

// The key of the option signing-key.
Result<SigningKey> signing_key_of(const Config& config, unsigned least_bits);
// By the option transport: folders with these names, or HTTP with the paths of the options
// message-path and response-path and these answers. "provincial.option" for a path without {number}
// and when no answers are known.
Result<std::unique_ptr<Transport>> transport_of(Context& context, FileNames names,
                                                HttpReplies replies);

}  // namespace certbridge::provincial_platform
