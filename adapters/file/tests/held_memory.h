// How much memory the program holds. Its own operator new takes the place of the library's.
#pragma once

#include <cstddef>

namespace certbridge::file::testing {

// Bytes that were asked for by `new` and not given back.
std::size_t held_memory();
// The most that were held at once since the last call.
std::size_t most_held_memory();

}  // namespace certbridge::file::testing
