# One target carries the compiler flags of everything that is ours.
add_library(certbridge_warnings INTERFACE)
# Two warnings are off because g++ 12 gives them wrongly: -Wrestrict for "text" + std::string (GCC
# bug 105651), -Wmaybe-uninitialized for members of std::variant and std::optional (GCC bug 80635).
target_compile_options(certbridge_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wformat=2 -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<IF:$<CXX_COMPILER_ID:GNU>,-Wno-maybe-uninitialized,-Wno-unknown-warning-option>)
add_library(certbridge_flags INTERFACE)
target_link_libraries(certbridge_flags INTERFACE certbridge_warnings)
target_compile_options(certbridge_flags INTERFACE
  -fvisibility=hidden -fvisibility-inlines-hidden $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)

# -O2: -O3 costs a fifth more build time here and gains nothing that the benchmarks can see.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)

if(CERTBRIDGE_SANITIZE STREQUAL "address")
  # -Og compiles in half the time of -O1. Two checks are off because they double the code and find
  # nothing here that AddressSanitizer does not: the null pointer and the size of an object.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-Og -g1" CACHE STRING "" FORCE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,object-size
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(CERTBRIDGE_SANITIZE STREQUAL "thread")
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-Og -g1" CACHE STRING "" FORCE)
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()
if(CERTBRIDGE_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)  # what was reached guides the search
endif()

# Sources that take gigabytes to compile are built one at a time.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=1)

# What most sources include is read once. A file that forgot an include of its own is found by a lint
# (tests/lint/check_forgotten.py), and by a build without these and without CERTBRIDGE_UNITY.
option(CERTBRIDGE_PRECOMPILED_HEADERS "read the standard headers once per build" ON)
set(CERTBRIDGE_COMMON_HEADERS <algorithm> <array> <charconv> <chrono> <cstdint> <deque> <filesystem>
  <fstream> <functional> <map> <memory> <mutex> <optional> <set> <sstream> <string> <string_view>
  <thread> <utility> <variant> <vector>)
if(CERTBRIDGE_PRECOMPILED_HEADERS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  # With -O2 g++ 12 gives these wrongly for texts that are moved, once <string> comes precompiled: it
  # forgets that they lie in a header of the system. The build without keeps them.
  target_compile_options(certbridge_warnings INTERFACE -Wno-array-bounds -Wno-stringop-overflow
    -Wno-stringop-overread)
endif()
# What POCO's targets define for whoever uses them: a precompiled header serves only sources that agree.
set(CERTBRIDGE_COMMON_DEFINITIONS
  _REENTRANT _THREAD_SAFE _LARGEFILE64_SOURCE _FILE_OFFSET_BITS=64 _XOPEN_SOURCE=500)
