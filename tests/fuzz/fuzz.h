// What the fuzz targets share. A target is one file with samples() and LLVMFuzzerTestOneInput();
// libFuzzer or driver.cpp calls them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace certbridge::fuzz {

// Inputs to begin with that are made, not files. Each target defines it; it may be empty.
std::vector<std::string> samples();

// The input as text; lives as long as the input.
std::string_view text_of(const std::uint8_t* data, std::size_t size);
// A whole file below the root of the sources. Ends the process when there is none.
std::string source_file(const std::string& path);

// Ends the process with the sentence unless it holds; whoever drives the target keeps the input.
void require(bool holds, const std::string& sentence);
// A refusal as G9 and G10 want it: a dotted code, a short message of proper text, and in it none of
// the personal data of personal() and no long run of digits that the input has.
void require_refusal(const Error& error, std::string_view input);
// The same for files that operations staff write: an error may repeat what stands there.
void require_refused_file(const Error& error);
// As require_refusal for text alone, such as the words of a configuration error.
void require_harmless(std::string_view message, std::string_view input);

// For people: valid UTF-8 without control characters, and not long.
void require_proper(std::string_view message);

// Names, numbers and places that samples hold and that nothing may repeat.
const std::vector<std::string>& personal();

}  // namespace certbridge::fuzz
