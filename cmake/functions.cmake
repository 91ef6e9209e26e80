# The shapes of our targets, so that every folder's CMakeLists.txt reads as a list.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
# Sources of one target that share a word in their unnamed namespaces cannot be compiled at once: it gets a
# better name, or one of them SKIP_UNITY_BUILD_INCLUSION.
set(CMAKE_UNITY_BUILD ${CERTBRIDGE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

# certbridge_precompile(TARGET lib|program|test): gives the target the headers of flags.cmake, with
# GoogleMock's for tests. The first of each shape compiles them for all others.
function(certbridge_precompile name shape)
  if(NOT CERTBRIDGE_PRECOMPILED_HEADERS)
    return()
  endif()
  set(giver certbridge_${shape}_headers)
  if(NOT TARGET ${giver})
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${giver}.cpp CONTENT "int main() { return 0; }\n")
    set(headers ${CERTBRIDGE_COMMON_HEADERS})
    if(shape STREQUAL "lib")
      add_library(${giver} STATIC ${CMAKE_BINARY_DIR}/${giver}.cpp)
    else()
      add_executable(${giver} ${CMAKE_BINARY_DIR}/${giver}.cpp)
      set_target_properties(${giver} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    endif()
    target_link_libraries(${giver} PRIVATE certbridge_flags)
    if(shape STREQUAL "test")
      certbridge_test_flags(${giver})
      target_link_libraries(${giver} PRIVATE GTest::gmock)
      list(APPEND headers <gmock/gmock.h> <gtest/gtest.h>)
    endif()
    target_compile_definitions(${giver} PRIVATE ${CERTBRIDGE_COMMON_DEFINITIONS})
    target_precompile_headers(${giver} PRIVATE ${headers})
  endif()
  target_compile_definitions(${name} PRIVATE ${CERTBRIDGE_COMMON_DEFINITIONS})
  target_precompile_headers(${name} REUSE_FROM ${giver})
endfunction()

# certbridge_test_flags(TARGET): what the sources of tests are compiled with besides certbridge_flags.
# UndefinedBehaviorSanitizer watches what is tested, not the tests, which would take twice as long to build.
function(certbridge_test_flags name)
  target_link_libraries(${name} PRIVATE certbridge_flags)
  if(CERTBRIDGE_SANITIZE STREQUAL "address")
    target_compile_options(${name} PRIVATE -fno-sanitize=undefined)
  endif()
endfunction()

# certbridge_add_library(NAME SOURCES ... LIBRARIES ... [INCLUDE dir])
# A static library for one part; third-party libraries stay private to it.
function(certbridge_add_library name)
  cmake_parse_arguments(ARG "" "INCLUDE" "SOURCES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC certbridge_sdk PRIVATE certbridge_flags ${ARG_LIBRARIES})
  if(ARG_INCLUDE)
    target_include_directories(${name} PUBLIC ${ARG_INCLUDE})
  endif()
  certbridge_precompile(${name} lib)
endfunction()

# certbridge_add_plugin(NAME SOURCES ... LIBRARIES ... DATA files...)
# A loadable library in lib/certbridge/NAME/ beside its plugin.xml and data files. The same objects
# are offered to its tests as NAME_objects. Exactly one symbol leaves the library.
function(certbridge_add_plugin name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;DATA" ${ARGN})
  set(folder ${CMAKE_BINARY_DIR}/lib/certbridge/${name})
  # The entry is an object of its own: a test may link the objects of two plugins.
  set(entry ${ARG_SOURCES})
  list(FILTER entry INCLUDE REGEX "plugin\\.cpp$")
  set_source_files_properties(${entry} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(${name}_objects STATIC ${ARG_SOURCES})
  target_include_directories(${name}_objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name}_objects PUBLIC certbridge_sdk PRIVATE certbridge_flags ${ARG_LIBRARIES})
  certbridge_precompile(${name}_objects lib)
  # Compiled once, linked twice; objects that came as such are named again.
  set(given_objects ${ARG_SOURCES})
  list(FILTER given_objects INCLUDE REGEX "TARGET_OBJECTS")
  add_library(${name} MODULE $<TARGET_OBJECTS:${name}_objects> ${given_objects})
  target_link_libraries(${name} PRIVATE certbridge_sdk certbridge_flags ${ARG_LIBRARIES})
  target_link_options(${name} PRIVATE -Wl,--no-undefined
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  if(CERTBRIDGE_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,-z,undefs)  # the sanitizer's runtime is the program's
  endif()
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${folder}
    LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/plugin.map)
  foreach(file plugin.xml ${ARG_DATA})
    get_filename_component(base ${file} NAME)
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${file} ${folder}/${base} COPYONLY)
  endforeach()
endfunction()

# Two labels say where ./test.sh --all runs a test besides the release build:
#   threads  under ThreadSanitizer too (built by the target `threaded_tests`)
#   once     under AddressSanitizer instead of in the release build: unit tests, and whatever is slow. With
#            CERTBRIDGE_ONCE_TESTS=OFF their programs are not built, which a third of the time would go into.
# Everything else runs in both, but for what certbridge_not_sanitized() names.
option(CERTBRIDGE_ONCE_TESTS "build the tests of the label `once` too" ON)

# certbridge_not_sanitized(REASON tests...): a sanitizer would say nothing about these tests, or they
# depend on speed; REASON is for whoever reads the list.
function(certbridge_not_sanitized reason)
  foreach(test IN LISTS ARGN)
    get_property(labels TEST ${test} PROPERTY LABELS)
    list(REMOVE_ITEM labels once)
    set_property(TEST ${test} PROPERTY LABELS ${labels} not-sanitized)
    certbridge_build_in_release(${test})
  endforeach()
endfunction()

# certbridge_build_in_release(TARGET): a test of the release build needs it, whatever its own label says.
function(certbridge_build_in_release name)
  if(TARGET ${name})
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL OFF)
  endif()
endfunction()

# certbridge_run_once(TEST): it runs under AddressSanitizer only, see above, unless it is not built there.
function(certbridge_run_once test)
  if(CERTBRIDGE_RELEASE_ONLY)
    return()
  endif()
  set_property(TEST ${test} APPEND PROPERTY LABELS once)
  if(NOT CERTBRIDGE_ONCE_TESTS AND TARGET ${test})
    set_target_properties(${test} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# certbridge_add_test(NAME SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT seconds]): a unit test.
function(certbridge_add_test name)
  if(NOT CERTBRIDGE_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;ARGUMENTS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  certbridge_test_flags(${name})
  certbridge_precompile(${name} test)
  target_compile_definitions(${name} PRIVATE CERTBRIDGE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    CERTBRIDGE_BUILD_DIR="${CMAKE_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  certbridge_run_once(${name})
  if("threads" IN_LIST ARG_LABELS)
    set_property(GLOBAL APPEND PROPERTY threaded_tests ${name})
  endif()
endfunction()

# certbridge_use_test_support(): the targets of tests/support, whichever part needs them first.
function(certbridge_use_test_support)
  if(NOT TARGET sandbox_server)
    add_subdirectory(${CMAKE_SOURCE_DIR}/tests/support ${CMAKE_BINARY_DIR}/tests/support)
  endif()
endfunction()

# certbridge_uses_soci(SOURCES...): Debian's SOCI hides the type information that the check of virtual
# tables asks for, so that one check is off in the sources that include it; they are compiled alone.
function(certbridge_uses_soci)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(CERTBRIDGE_SANITIZE STREQUAL "address")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=vptr
      SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
