// SPDX-License-Identifier: Apache-2.0
#include "predict/closed_loop.hpp"

#include <algorithm>
#include <cmath>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {
namespace {

double tpot_of_one(const ClosedLoop& loop, double decode_s) {
  const double m = loop.steps;
  const double b = loop.first_s - m * decode_s - (loop.sequences - 1) * loop.prompt_s;
  return (-b + std::sqrt(b * b + 4 * m * decode_s * loop.first_s)) / (2 * m);
}

/// By how much the prompts of all replicas delay one step, when tokens come every tpot_s.
double delay(const ClosedLoop& loop, double tpot_s) {
  constexpr double kSurely = 1 - 1e-12;
  const double chance = std::min(kSurely, loop.sequences / (loop.steps + loop.first_s / tpot_s));
  return loop.prompt_s * (1 - pow(1 - chance, loop.replicas));
}

}  // namespace

double closed_loop_tpot(const ClosedLoop& loop, double decode_s) {
  if (!(loop.steps > 0)) return decode_s;
  if (loop.replicas <= 1) return tpot_of_one(loop, decode_s);
  // The delay grows with T, by less and less: halving finds where both meet.
  double low = decode_s;
  double high = decode_s + loop.prompt_s;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (decode_s + delay(loop, middle) > middle ? low : high) = middle;
  }
  return (low + high) / 2;
}

double closed_loop_requests_per_s(const ClosedLoop& loop, double tpot_s) {
  if (!(loop.steps > 0)) return 1 / loop.first_s;
  return loop.sequences / (loop.first_s + loop.steps * tpot_s);
}

double decoding_sequences(const ClosedLoop& loop, double tpot_s) {
  const double decoding_s = loop.steps * tpot_s;
  return loop.sequences * decoding_s / (loop.first_s + decoding_s);
}

}  // namespace ridgepoint::predict
