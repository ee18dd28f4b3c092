#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PROGRAM [--update]
# Instructions that the program's main questions take, counted by callgrind, against baseline.txt.
# A count is the same on every run of one machine, and within 1 % between CPUs. Fails on a change
# above 2 % either way: what got faster is accepted into the baseline too, by --update, in the
# commit that did it.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=$1
baseline=${RIDGEPOINT_GATE_BASELINE:-$here/baseline.txt}
tolerance=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One "name: arguments" line for each gated command.
commands='derive-all: derive all
roofline: roofline llama-2-13b -d h100-sxm
roofline-moe: roofline deepseek-v3 -d h200-sxm
fit: fit llama-3.3-70b -d h100-sxm -tp 4
estimate: estimate llama-3.3-70b -d h100-sxm -tp 8 -b 32'

# count ARGUMENT...: instructions of one run. A fixed environment, and the C library's plain
# string functions on every CPU.
count() {
  env -i LC_ALL=C GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-ERMS,-FSRM \
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" \
    >"$work/stdout" 2>"$work/stderr" || {
    cat "$work/stderr" >&2
    echo "gate: failed: $program $*" >&2
    exit 1
  }
  awk '/Collected *:/ { print $NF }' "$work/stderr"
}

# judge NAME COUNT: compares with the baseline.
judge() {
  awk -v name="$1" -v now="$2" -v tolerance="$tolerance" '
    $1 == name { before = $2 }
    END {
      if (!before) { printf "%-12s %14d instructions, not in the baseline\n", name, now; exit 1 }
      change = 100 * (now - before) / before
      over = change > tolerance || change < -tolerance
      printf "%-12s %14d instructions, baseline %d, %+.2f %%%s\n", name, now, before, change,
        over ? "  <-- beyond " tolerance " %" : ""
      exit over
    }' "$baseline"
}

printf '%s\n' "$commands" >"$work/commands"
while IFS=: read -r name arguments; do
  # shellcheck disable=SC2086  # a list of arguments
  instructions=$(count $arguments)
  printf '%s %s\n' "$name" "$instructions" >>"$work/counts"
done <"$work/commands"

if [ "${2-}" = --update ]; then
  { echo '# Instructions by callgrind; bench/gate/run.sh explains.' && cat "$work/counts"; } >"$baseline"
  cat "$baseline"
  exit
fi
[ -f "$baseline" ] || {
  echo "gate: no $baseline; make it with ./dev bench gate --update" >&2
  exit 1
}
failed=0
while read -r name instructions; do
  judge "$name" "$instructions" || failed=1
done <"$work/counts"
if [ $failed -ne 0 ]; then
  echo "gate: an intended change is accepted by ./dev bench gate --update, in the same commit" >&2
fi
exit $failed
