# SPDX-License-Identifier: Apache-2.0
"""check_with_sympy.py SYMPY_CASES: runs that program and checks each of its answers with SymPy."""
import subprocess
import sys

from sympy_answers import agree, answer, read, read_limit

AT_LEAST = 500


def main(program):
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    lines = output.splitlines()
    wrong = 0
    for line in lines:
        operation, expression, argument, text = line.split("\t")
        ours = read_limit(text) if operation == "limit" else read(text)
        theirs = answer(operation, expression, argument)
        if not agree(ours, theirs):
            wrong += 1
            print(f"{operation} {expression} {argument}\n  ours:   {text}\n  SymPy's: {theirs}")
    print(f"{len(lines)} checked, {wrong} wrong")
    return 0 if wrong == 0 and len(lines) >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
