#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD_FOLDER: the lecture's derivations here and in SymPy, in one run, as ratios.
set -eu
here=$(dirname -- "$0")
"$1/bin/compare_lecture" | /usr/bin/python3 "$here/with_sympy.py"
