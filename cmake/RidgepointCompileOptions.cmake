# SPDX-License-Identifier: Apache-2.0
# Flags that every target shares, carried by one interface target.
add_library(ridgepoint_options INTERFACE)
target_compile_features(ridgepoint_options INTERFACE cxx_std_20)
target_compile_options(ridgepoint_options INTERFACE
  -ffp-contract=off  # the same bits on every instruction set: no fused multiply-add
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual
  -Wno-restrict  # g++ 12 sees an overlap inside the operator+ of std::string (GCC bug 105651)
  $<$<BOOL:${RIDGEPOINT_WERROR}>:-Werror>)

if(RIDGEPOINT_SANITIZE)
  target_compile_options(ridgepoint_options INTERFACE
    -fsanitize=${RIDGEPOINT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ridgepoint_options INTERFACE -fsanitize=${RIDGEPOINT_SANITIZE})
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Decided once per build folder: ccache appearing later must not rebuild everything.
if(NOT DEFINED CACHE{RIDGEPOINT_CCACHE})
  find_program(RIDGEPOINT_CCACHE ccache)
endif()
if(RIDGEPOINT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache takes a precompiled header for what it is only when told to.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${RIDGEPOINT_CCACHE}")
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
