// What all sinks of this plugin are set up with: files of options, and the way to the platform.
#pragma once

#include <memory>
#include <string>

#include "certbridge/context.h"
#include "file_drop.h"
#include "http_replies.h"
#include "signature.h"

namespace certbridge::provincial_platform {

struct OptionFile {
  std::string path{};
  std::string text{};
};

// "provincial.option" for a file that cannot be read.
Result<OptionFile> read_option_file(const Config& config, const char* option);
// The key of the option signing-key.
Result<SigningKey> signing_key_of(const Config& config, unsigned least_bits);
// By the option transport: folders with these names, or HTTP with the paths of the options
// message-path and response-path and these answers. "provincial.option" for a path without {number}
// and when no answers are known.
Result<std::unique_ptr<Transport>> transport_of(Context& context, FileNames names,
                                                HttpReplies replies);

}  // namespace certbridge::provincial_platform
