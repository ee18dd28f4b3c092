# SPDX-License-Identifier: Apache-2.0
# ridgepoint_module(NAME [USES module...] [SOURCES file...] [PRIVATE_LINKS target...])
#
# One layer of the design: the folder src/NAME and the headers include/ridgepoint/NAME.
# USES declares its edges. They are the link line, and the list that the test
# "includes point down" checks every #include against.
define_property(GLOBAL PROPERTY RIDGEPOINT_MODULES
  BRIEF_DOCS "Modules, lowest first")
define_property(GLOBAL PROPERTY RIDGEPOINT_EDGES
  BRIEF_DOCS "One 'module: used...' line for each module")

# Header-only libraries that only .cpp files see: whoever links an installed Ridgepoint needs none.
set(RIDGEPOINT_BUILD_ONLY nlohmann_json::nlohmann_json Eigen3::Eigen)

function(ridgepoint_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;SOURCES;PRIVATE_LINKS")
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/ridgepoint/${name}/*.hpp")
  if(arg_SOURCES)
    set(visibility PUBLIC)
    add_library(ridgepoint_${name} STATIC ${arg_SOURCES})
    target_include_directories(ridgepoint_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(ridgepoint_${name} PRIVATE $<BUILD_INTERFACE:ridgepoint_options>)
    foreach(link IN LISTS arg_PRIVATE_LINKS)
      if(link IN_LIST RIDGEPOINT_BUILD_ONLY)
        set(link $<BUILD_INTERFACE:${link}>)
      endif()
      target_link_libraries(ridgepoint_${name} PRIVATE ${link})
    endforeach()
  else()
    set(visibility INTERFACE)  # headers only
    add_library(ridgepoint_${name} INTERFACE)
  endif()
  add_library(ridgepoint::${name} ALIAS ridgepoint_${name})
  target_sources(ridgepoint_${name} ${visibility}
    FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers})
  set_target_properties(ridgepoint_${name} PROPERTIES
    EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON)
  target_compile_features(ridgepoint_${name} ${visibility} cxx_std_20)
  target_link_libraries(ridgepoint_${name} ${visibility} tl::expected)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(ridgepoint_${name} ${visibility} ridgepoint_${used})
  endforeach()

  set_property(GLOBAL APPEND PROPERTY RIDGEPOINT_MODULES ${name})
  ridgepoint_edges(${name} ${arg_USES})
endfunction()

# ridgepoint_edges(NAME module...)
# What src/NAME may include. A module says so itself; a program above them needs this line.
function(ridgepoint_edges name)
  list(JOIN ARGN " " uses)
  set_property(GLOBAL APPEND PROPERTY RIDGEPOINT_EDGES "${name}: ${uses}")
endfunction()

# ridgepoint_test(NAME LABEL label [USES module...] [SOURCES file...] [LINKS target...])
# A GoogleTest program whose tests carry one ctest label:
# unit, law, theory, golden, data, repo, slow or mpi.
function(ridgepoint_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "USES;SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE ridgepoint_options GTest::gmock_main ${arg_LINKS})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)  # compiled more often than run
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${name} PRIVATE ridgepoint_${used})
  endforeach()
  # A fixed seed for the properties: a run repeats. RC_PARAMS in the environment of a program run by
  # hand draws others.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${arg_LABEL}" ENVIRONMENT "RC_PARAMS=seed=20261121")
endfunction()
