# SPDX-License-Identifier: Apache-2.0
"""Does what compare_explore printed in NumPy and in a plain Python loop, checks that the sums agree,
prints points a second and the ratios. Standard input: as bench/explore/formulas.cpp describes.
"""
import sys
import time

import numpy

LOOP_POINTS = 4000
BLOCK = 65536  # NumPy's arrays stay in the caches


def read(lines):
    grid, ours, peak, phases = None, None, None, {}
    for line in lines:
        kind, *words = line.rstrip("\n").split("\t")
        if kind == "grid":
            grid = tuple(int(word) for word in words)
        elif kind == "phase":
            operators = phases.setdefault(words[0], [])
        elif kind == "operator":
            operators.append(words)
        elif kind == "ours":
            ours = tuple(float(word) for word in words)
        elif kind == "peak":
            peak = tuple(float(word) for word in words)
    return grid, ours, peak, phases


def function(phase, operators, maximum):
    """bound(B, T, S) of one step, as a person would write it."""
    lines = [f"def {phase}(B, T, S):", "    seconds = 0.0"]
    for count, per_flop, per_byte, flops, moved in operators:
        lines.append(f"    seconds += {count}*{maximum}(({flops})*{per_flop}, ({moved})*{per_byte})")
    lines.append("    return seconds")
    names = {"maximum": numpy.maximum}
    exec("\n".join(lines), names)
    return names[phase]


def with_numpy(grid, phases):
    prefill = function("prefill", phases["prefill"], "maximum")
    decode = function("decode", phases["decode"], "maximum")
    batches, contexts = grid
    total, start = 0.0, time.perf_counter()
    for first in range(0, batches * contexts, BLOCK):
        number = numpy.arange(first, min(first + BLOCK, batches * contexts), dtype=numpy.float64)
        context = numpy.floor(number / batches) + 1
        batch = number % batches + 1
        total += float(numpy.sum(prefill(batch, context, context)))
        total += float(numpy.sum(decode(batch, 1.0, context)))
    return batches * contexts / (time.perf_counter() - start), total


def with_loop(grid, phases):
    prefill = function("prefill", phases["prefill"], "max")
    decode = function("decode", phases["decode"], "max")
    batches, contexts = grid
    step = batches * contexts // LOOP_POINTS
    start = time.perf_counter()
    for number in range(0, batches * contexts, step):
        batch, context = float(number % batches + 1), float(number // batches + 1)
        prefill(batch, context, context)
        decode(batch, 1.0, context)
    return LOOP_POINTS / (time.perf_counter() - start)


def main():
    grid, (ours, our_sum), (peak, each), phases = read(sys.stdin)
    numpy_rate, numpy_sum = with_numpy(grid, phases)
    loop_rate = with_loop(grid, phases)
    if abs(numpy_sum / our_sum - 1) > 1e-9:
        sys.exit(f"the sums differ: {our_sum} here, {numpy_sum} in NumPy")
    print(f"\nbound of prefill and decode, {grid[0] * grid[1]:,} points, one core; sums agree")
    share = ours * each / peak
    print(f"  block kernels  {ours / 1e6:12.3f} million points/s: {each:.0f} multiplications a point, "
          f"{100 * share:.0f} % of the {peak / 1e9:.1f} billion/s that the core can do")
    print(f"  NumPy          {numpy_rate / 1e6:12.3f}   {ours / numpy_rate:10.0f} times slower")
    print(f"  Python loop    {loop_rate / 1e6:12.3f}   {ours / loop_rate:10.0f} times slower")


main()
