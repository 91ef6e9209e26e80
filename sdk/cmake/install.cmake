# What an outside author installs: headers, libraries and the CMake package.
include(GNUInstallDirs)
add_library(certbridge::sdk ALIAS certbridge_sdk)
set_target_properties(certbridge_sdk PROPERTIES EXPORT_NAME sdk)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/CertBridge)
set(libraries certbridge_sdk)
if(TARGET certbridge_sdk_testing)
  add_library(certbridge::sdk_testing ALIAS certbridge_sdk_testing)
  set_target_properties(certbridge_sdk_testing PROPERTIES EXPORT_NAME sdk_testing)
  list(APPEND libraries certbridge_sdk_testing)
endif()
install(TARGETS ${libraries} EXPORT CertBridgeTargets COMPONENT sdk
  LIBRARY COMPONENT sdk ARCHIVE COMPONENT sdk FILE_SET HEADERS COMPONENT sdk)
install(EXPORT CertBridgeTargets NAMESPACE certbridge:: DESTINATION ${package} COMPONENT sdk)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/CertBridgeConfig.cmake ${CMAKE_SOURCE_DIR}/cmake/plugin.map
  DESTINATION ${package} COMPONENT sdk)
