# SPDX-License-Identifier: Apache-2.0
"""Does the tasks that compare_lecture printed in SymPy, checks the answers, prints the ratios.

Standard input: one task a line, as bench/compare/lecture.cpp describes. SymPy's own caches stay on:
"first" is a task's first run in this process, "later" the mean of the runs that follow.
"""
import sys
import time

import sympy
from sympy.parsing.sympy_parser import (convert_xor, parse_expr,
                                        standard_transformations)

LATER_RUNS = 5


def positive(names):
    return {name: sympy.Symbol(name, positive=True) for name in names}


SYMBOLS = positive(["B", "T", "S", "D", "F", "N", "K", "H", "L", "V", "W", "c"])


def read(text):
    return parse_expr(text, local_dict=SYMBOLS, evaluate=False,
                      transformations=standard_transformations + (convert_xor,))


def assignments(text):
    pairs = [part.split("=") for part in text.split(",") if "=" in part]
    return {SYMBOLS[name.strip()]: read(value) for name, value in pairs}


def perform(operation, text, argument):
    expr = read(text)
    if operation == "substitute":
        return sympy.simplify(expr.subs(assignments(argument)))
    if operation == "limit":
        variable = argument.split(",")[-1].split("->")[0].strip()
        along = sympy.simplify(expr.subs(assignments(argument)))
        return sympy.limit(along, SYMBOLS[variable], sympy.oo)
    if operation == "differentiate":
        return sympy.simplify(sympy.diff(expr, SYMBOLS[argument]))
    return sympy.simplify(expr)


def milliseconds(runs, *task):
    begin = time.perf_counter()
    for _ in range(runs):
        result = perform(*task)
    return result, 1000 * (time.perf_counter() - begin) / runs


def main():
    print(f"{'task':<22}{'ours first/later, ms':>24}{'SymPy first/later, ms':>26}{'ratio':>20}")
    totals = [0.0] * 4
    for line in sys.stdin:
        name, operation, text, argument, answer, first, later = line.rstrip("\n").split("\t")
        result, sympy_first = milliseconds(1, operation, text, argument)
        _, sympy_later = milliseconds(LATER_RUNS, operation, text, argument)
        if sympy.simplify(result - read(answer)) != 0:
            sys.exit(f"{name}: SymPy has {result}, we have {answer}")
        times = [float(first) / 1000, float(later) / 1000, sympy_first, sympy_later]
        totals = [total + each for total, each in zip(totals, times)]
        show(name, times)
    show("all", totals)


def show(name, times):
    ours_first, ours_later, sympy_first, sympy_later = times
    print(f"{name:<22}{ours_first:>14.4f} /{ours_later:>8.4f}"
          f"{sympy_first:>16.2f} /{sympy_later:>8.2f}"
          f"{sympy_first / ours_first:>11.0f}x /{sympy_later / ours_later:>6.0f}x")


if __name__ == "__main__":
    main()
