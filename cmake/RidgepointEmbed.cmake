# SPDX-License-Identifier: Apache-2.0
# ridgepoint_embed(OUTPUT.cpp HEADER header NAMESPACE namespace SETS name=folder...)
#
# Generates a source file that holds every *.json of each folder as text, so that the program
# needs no path at run time. Each set becomes `std::span<const EmbeddedFile> name()`; HEADER
# declares it. Generated again when a file changes, comes or goes.
#
# The same file is the generator: cmake -D OUTPUT=… -D HEADER=… -D NAMESPACE=… -D SETS=… -P this.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(RIDGEPOINT_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

  function(ridgepoint_embed output)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE" "SETS")
    set(inputs)
    foreach(set IN LISTS arg_SETS)
      string(REGEX REPLACE "^[^=]*=" "" folder "${set}")
      file(GLOB files CONFIGURE_DEPENDS "${folder}/*.json")
      list(APPEND inputs ${files})
    endforeach()
    string(REPLACE ";" "|" sets "${arg_SETS}")
    # A file that goes away changes no other file: the list of names is an input of its own.
    set(names "${output}.inputs")
    file(CONFIGURE OUTPUT "${names}" CONTENT "${inputs}\n")
    add_custom_command(
      OUTPUT "${output}"
      COMMAND "${CMAKE_COMMAND}" -D "OUTPUT=${output}" -D "HEADER=${arg_HEADER}"
              -D "NAMESPACE=${arg_NAMESPACE}" -D "SETS=${sets}" -P "${RIDGEPOINT_EMBED_SCRIPT}"
      DEPENDS ${inputs} "${names}" "${RIDGEPOINT_EMBED_SCRIPT}"
      COMMENT "Embedding the data files"
      VERBATIM)
  endfunction()
  return()
endif()

set(source "// SPDX-License-Identifier: Apache-2.0
// Generated from the data files by cmake/RidgepointEmbed.cmake. Do not edit.
#include \"${HEADER}\"

#include <array>

namespace ${NAMESPACE} {
")
string(REPLACE "|" ";" SETS "${SETS}")
foreach(set IN LISTS SETS)
  string(REGEX REPLACE "=.*" "" name "${set}")
  string(REGEX REPLACE "^[^=]*=" "" folder "${set}")
  file(GLOB stems RELATIVE "${folder}" "${folder}/*.json")
  list(TRANSFORM stems REPLACE "\\.json$" "")
  list(SORT stems COMPARE STRING)  # by name: with its ending, a-b.json comes before a.json
  list(LENGTH stems count)
  string(APPEND source "namespace {\n// NOLINTNEXTLINE(readability-identifier-naming)\n"
                       "constexpr std::array<EmbeddedFile, ${count}> k_${name}{{\n")
  foreach(stem IN LISTS stems)
    file(READ "${folder}/${stem}.json" text)
    string(APPEND source "{\"${stem}\", R\"__json(${text})__json\"},\n")
  endforeach()
  string(APPEND source "}};\n}  // namespace\n\n"
                       "std::span<const EmbeddedFile> ${name}() { return k_${name}; }\n\n")
endforeach()
string(APPEND source "}  // namespace ${NAMESPACE}\n")
file(WRITE "${OUTPUT}" "${source}")
