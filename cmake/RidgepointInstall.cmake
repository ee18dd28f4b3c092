# SPDX-License-Identifier: Apache-2.0
# find_package(ridgepoint) gives ridgepoint::ridgepoint, the whole library as one target.
# Included last: it reads the modules that src/ declared.
include(CMakePackageConfigHelpers)

add_library(ridgepoint INTERFACE)
add_library(ridgepoint::ridgepoint ALIAS ridgepoint)
add_custom_target(ridgepoint_product COMMENT "The program and the libraries: what ./dev build makes")

get_property(modules GLOBAL PROPERTY RIDGEPOINT_MODULES)
list(REMOVE_ITEM modules app)
foreach(module IN LISTS modules)
  target_link_libraries(ridgepoint INTERFACE ridgepoint_${module})
  add_dependencies(ridgepoint_product ridgepoint_${module})
  install(TARGETS ridgepoint_${module} EXPORT ridgepoint-targets
          ARCHIVE FILE_SET HEADERS)
endforeach()
install(TARGETS ridgepoint EXPORT ridgepoint-targets)

if(TARGET ridgepoint_app)
  set_target_properties(ridgepoint_app PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  add_dependencies(ridgepoint_product ridgepoint_app)
  install(TARGETS ridgepoint_app RUNTIME)
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ridgepoint")
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/ridgepoint-config.cmake.in"
  "${PROJECT_BINARY_DIR}/ridgepoint-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/ridgepoint-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(EXPORT ridgepoint-targets NAMESPACE ridgepoint:: DESTINATION "${package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/ridgepoint-config.cmake"
              "${PROJECT_BINARY_DIR}/ridgepoint-config-version.cmake"
        DESTINATION "${package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
