# SPDX-License-Identifier: Apache-2.0
"""What SymPy answers to one case of sympy_cases: (operation, expression, argument)."""
import sympy

# Our function names in SymPy's terms; every symbol is positive, as ours are.
NAMES = {letter: sympy.Symbol(letter, positive=True) for letter in "BDFSTc"}
NAMES.update(max=sympy.Max, min=sympy.Min, ceil=sympy.ceiling)


def read(text):
    return sympy.sympify(text, locals=NAMES)


def read_limit(text):
    return {"oo": sympy.oo, "-oo": -sympy.oo}.get(text) or read(text)


def limit_along(expression, path):
    """The path "D=c*B, F=c*B, c->oo": substitutions, then the variable and its target."""
    *substitutions, arrow = path.split(",")
    pairs = [item.split("=") for item in substitutions]
    moved = expression.subs({NAMES[n.strip()]: read(v) for n, v in pairs}, simultaneous=True)
    variable, target = arrow.split("->")
    # The canonical ratio has the same limit, and SymPy finds it much faster.
    return sympy.limit(sympy.cancel(moved), NAMES[variable.strip()], read_limit(target.strip()), "+")


def answer(operation, expression, argument):
    if operation == "simplify":
        return sympy.cancel(sympy.together(read(expression)))
    if operation == "differentiate":
        return sympy.together(sympy.diff(read(expression), NAMES[argument]))
    if operation == "limit":
        return limit_along(read(expression), argument)
    raise ValueError(operation)


def is_zero(difference):
    """Exact: the numerator over one denominator, expanded; simplify only where roots hide it."""
    numerator, _ = sympy.fraction(sympy.together(difference))
    expanded = sympy.expand(numerator)
    return expanded == 0 or sympy.simplify(expanded) == 0


def agree(ours, theirs):
    if ours.is_infinite or theirs.is_infinite:
        return ours == theirs
    return is_zero(ours - theirs)
