# SPDX-License-Identifier: Apache-2.0
"""store_sympy_cases.py SYMPY_CASES > sympy_cases.txt: a hundred cases with SymPy's own answers."""
import subprocess
import sys

from sympy_answers import answer

WANTED = 100
HEADER = """\
# Expressions with SymPy {version}'s answers, replayed by tests/symbolic/sympy_replay_test.cpp.
# Regenerate, from a build with RIDGEPOINT_SLOW_TESTS:
#   /usr/bin/python3 tests/oracle/store_sympy_cases.py BUILD/tests/oracle/sympy_cases \\
#     > tests/oracle/sympy_cases.txt
# operation <tab> expression <tab> argument <tab> answer
"""


def main(program):
    import sympy

    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    lines = output.splitlines()
    sys.stdout.write(HEADER.format(version=sympy.__version__))
    for line in lines[:: len(lines) // WANTED][:WANTED]:
        operation, expression, argument, _ = line.split("\t")
        theirs = answer(operation, expression, argument)
        print(operation, expression, argument, theirs, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
