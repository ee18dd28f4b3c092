#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/fuzz/run.sh [SECONDS [TARGET...]]: builds the fuzz targets with clang and runs each (or
# those named) for SECONDS (60), read_config from the models of $RIDGEPOINT_SHARED or ../shared as
# well. Exits 1 on a finding and says where the input lies; fix it, then add the input to
# corpus/TARGET/.
set -eu
seconds=${1:-60}
[ $# -gt 0 ] && shift
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
build=${RIDGEPOINT_FUZZ_BUILD:-$here/../../build/fuzz}
configs=${RIDGEPOINT_SHARED:-$here/../../../shared}/model-configs

cmake -S "$here" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-clang++-19}" >/dev/null
cmake --build "$build"

# shellcheck disable=SC2046  # names without blanks, one argument each
[ $# -gt 0 ] || set -- $(cd "$here" && sed -n 's/^ridgepoint_fuzz_target(\([a-z_]*\) .*/\1/p' CMakeLists.txt)
status=0
for target in "$@"; do
  echo "fuzzing $target for $seconds s"
  mkdir -p "$build/found/$target" "$build/corpus/$target"
  log=$build/found/$target.log
  real=  # files from outside the project, where they are at hand
  if [ "$target" = read_config ] && [ -d "$configs" ]; then real=$configs; fi
  if ! "$build/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
    -max_len=4096 -print_final_stats=1 -artifact_prefix="$build/found/$target/" \
    "$build/corpus/$target" "$here/corpus/$target" ${real:+"$real"} >"$log" 2>&1; then
    status=1
    tail -n 60 "$log"
    echo "finding in $target: the input lies in $build/found/$target, the log in $log" >&2
  else
    tail -n 7 "$log"
  fi
done
exit $status
