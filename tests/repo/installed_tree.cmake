# SPDX-License-Identifier: Apache-2.0
# Installs BUILD to WORK/prefix, then builds and runs examples/link_the_library against it, as a
# user would. Run by ctest: cmake -DSOURCE=… -DBUILD=… -DWORK=… -DCOMPILER=… -P installed_tree.cmake
function(run)
  execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGV}\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

function(expect_in_output text)
  string(FIND "${out}" "${text}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "expected '${text}' in:\n${out}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/prefix")
run(${CMAKE_COMMAND} -G Ninja -S "${SOURCE}/examples/link_the_library" -B "${WORK}/build"
    "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_CXX_COMPILER=${COMPILER}"
    -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build "${WORK}/build")
run("${WORK}/build/intensity")
expect_in_output("intensity  B*D*F/(B*D + B*F + D*F) FLOP/byte")
expect_in_output("limit      B")
expect_in_output("compute-bound from B = 296, memory-bound below")
if(PROGRAM)
  run("${WORK}/prefix/bin/ridgepoint" --version)
endif()
file(REMOVE_RECURSE "${WORK}")
