# find_package(CertBridge): certbridge::sdk, certbridge::sdk_testing, certbridge_add_plugin() and
# certbridge_add_test(), with the same arguments as in CertBridge's own tree.
include(CMakeFindDependencyMacro)
find_dependency(Boost 1.81)
find_dependency(GTest)
find_dependency(OpenSSL)
include(${CMAKE_CURRENT_LIST_DIR}/CertBridgeTargets.cmake)
set(CERTBRIDGE_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

# A loadable library in certbridge/NAME/ beside its plugin.xml and data files. Exactly one symbol
# leaves it, and what it calls must be there when it is linked.
function(certbridge_add_plugin name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;DATA" ${ARGN})
  set(folder ${CMAKE_BINARY_DIR}/lib/certbridge/${name})
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE certbridge::sdk ${ARG_LIBRARIES})
  target_compile_options(${name} PRIVATE -fvisibility=hidden -fvisibility-inlines-hidden
    -fno-gnu-unique)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_options(${name} PRIVATE -Wl,--no-undefined
    -Wl,--version-script=${CERTBRIDGE_PLUGIN_MAP})
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${folder}
    CXX_EXTENSIONS OFF)
  foreach(file plugin.xml ${ARG_DATA})
    get_filename_component(base ${file} NAME)
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/${file} ${folder}/${base} COPYONLY)
  endforeach()
endfunction()

function(certbridge_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;ARGUMENTS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest_main)
  target_compile_features(${name} PRIVATE cxx_std_20)
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGUMENTS})
endfunction()
