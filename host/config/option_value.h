// Values of options: from what staff write to what Config answers with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"
#include "plugins/manifest.h"

namespace certbridge::host {

// "250ms", "10s", "5m", "2h" in milliseconds; nothing for anything else or above 10 years.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);
// "512", "16kB", "4MB", "1GB" in bytes (powers of 1000); nothing for anything else.
std::optional<std::uint64_t> parse_size_bytes(std::string_view text);
// Decimal digits with an optional sign.
std::optional<std::int64_t> parse_integer(std::string_view text);

struct OptionFolders {
  std::string configuration{};  // file options are relative to it
  std::string plugin{};         // `plugin:NAME` is a file in it
};

// The normalised text: durations in ms, sizes in bytes, booleans "true" or "false", files absolute
// (they exist), secrets the bare name. The error's message says what was expected, and shows the
// value except where a secret's name is expected. Code "config.option".
Result<std::string> normalise_option(const OptionManifest& option, std::string_view value,
                                     const OptionFolders& folders);

}  // namespace certbridge::host
