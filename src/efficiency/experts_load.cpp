// SPDX-License-Identifier: Apache-2.0
#include "efficiency/experts_load.hpp"

#include <cmath>

#include "efficiency/experts_popularity.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The largest of so many normal deviates, in standard deviations: 0.56 of 2, 1.42 of 8, 2.07 of
/// 32, 2.82 of 256 (tables of order statistics); this is within 0.06 of them.
double largest_deviate(double count) {
  constexpr double kSlope = 1.2;
  constexpr double kOffset = 0.638;
  return larger(0, kSlope * std::sqrt(larger(0, log2(count))) - kOffset);
}

}  // namespace

ExpertLoad::ExpertLoad(const ExpertsShape& shape)
    : routing_(shape.routing), local_(larger(1, shape.experts / shape.expert_parallel)) {
  switch (routing_) {
    case ExpertRouting::balanced:
      balance(shape);
      break;
    case ExpertRouting::random:
      choose_at_random(shape);
      break;
    case ExpertRouting::power_law:
      draw(shape);
  }
}

double ExpertLoad::tiles(double height) const {
  switch (routing_) {
    case ExpertRouting::balanced:
      return active_ * std::ceil(rows_ / (active_ * height));
    case ExpertRouting::random:
      return random_tiles(height);
    case ExpertRouting::power_law:
      break;
  }
  return drawn_tiles(height);
}

/// Choice i of token t is expert (t + i·⌈E/k⌉) mod E (aiconfigurator's collector): all experts have
/// a row after ⌈E/k⌉ tokens.
void ExpertLoad::balance(const ExpertsShape& s) {
  const double stride = std::ceil(s.experts / s.experts_per_token);
  const double begun = smaller(s.tokens, stride) * s.experts_per_token / s.expert_parallel;
  active_ = smaller(local_, std::ceil(begun));
  rows_ = larger(s.tokens * s.experts_per_token / s.expert_parallel, active_);
  tokens_ = smaller(s.tokens, rows_);
}

/// Each token picks k different ones of E experts. A device's rows are a sum of hypergeometric
/// counts; the most of the devices lies so many of its standard deviations above the mean. With so
/// many rows, local·(1 − (1 − k/E)^tokens) of its experts are active, at tokens that give a device
/// as many on the average; no fewer than one token begins.
void ExpertLoad::choose_at_random(const ExpertsShape& s) {
  const double share = local_ / s.experts;
  const double without_replacement = (s.experts - s.experts_per_token) / larger(1, s.experts - 1);
  const double variance =
      s.tokens * s.experts_per_token * share * (1 - share) * without_replacement;
  const double most = s.tokens * smaller(s.experts_per_token, local_);
  rows_ = smaller(most, s.tokens * s.experts_per_token * share +
                            std::sqrt(larger(0, variance)) * largest_deviate(s.expert_parallel));
  constexpr double kCertain = 1 - 1e-9;
  const double p = smaller(kCertain, s.experts_per_token / s.experts);
  const double as_if_tokens = rows_ / (p * local_);  // on a single device: the tokens
  const double of_one_token = smaller(local_, larger(1, s.experts_per_token * share));
  active_ =
      larger(smaller(1, s.tokens) * of_one_token, local_ * (1 - exp2(as_if_tokens * log2(1 - p))));
  rows_ = larger(rows_, active_);
  deviation_ = std::sqrt(rows_ / local_ * (1 - p));
  const double elsewhere = larger(1 - share, 1 - kCertain);
  tokens_ = smaller(s.tokens * (1 - pow(elsewhere, s.experts_per_token)), rows_);
}

/// local·Σ P(rows of an expert > j·height): exact at j = 0, the normal's tail (by a logistic,
/// within 0.01 of it) beyond, of which only tiles near the mean are in doubt.
double ExpertLoad::random_tiles(double height) const {
  const double mean = rows_ / local_;
  const double full = std::floor(mean / height);
  constexpr double kInDoubt = 4;
  constexpr double kLogistic = 1.702 * kLog2OfE;
  constexpr double kHalfRow = 0.5;
  constexpr double kNarrowest = 1e-6;
  const double first = larger(1, full - kInDoubt + 1);
  double sum = active_ / local_ + first - 1;
  const int in_doubt = static_cast<int>(full + kInDoubt - first) + 1;
  for (int i = 0; i < in_doubt; ++i) {
    const double above = ((first + i) * height + kHalfRow - mean) / larger(deviation_, kNarrowest);
    sum += 1 / (1 + exp2(kLogistic * above));
  }
  return local_ * sum;
}

/// The heaviest device has the busiest expert of all and others a little busier than the mean: the
/// sum of so many draws, the largest of so many sums. Its constants, like those of drawn_tiles,
/// were chosen against a Monte-Carlo of the collector's draws (rows within 2 %, active within 3 %,
/// tiles within 4 % in the middle half of shapes; few rows over many devices are off by up to 40
/// %).
void ExpertLoad::draw(const ExpertsShape& s) {
  const PopularityOfExperts popularity(s);
  const double mean = s.tokens * s.experts_per_token / s.experts;
  const bool is_alone = s.expert_parallel < 1.5;
  busiest_ = is_alone ? 0 : popularity.busiest();
  others_ = local_ - (is_alone ? 0 : 1);
  const double devices = larger(log2(s.expert_parallel), 1);
  const double lift = 1 + popularity.relative_deviation() * 1.15 * pow(devices, 0.5) *
                              (1 - 0.44 * pow(devices, -0.8)) * (1 + 0.12 * devices / local_) /
                              pow(local_, 0.5);
  const double most = smaller(s.tokens, larger(1, popularity.busiest()));
  double above = is_alone ? 1 : others_ < 0.5 ? larger(busiest_, 1) / mean : lift;
  above = larger(1, smaller(above, smaller(s.expert_parallel, most / mean)));
  rows_ = larger(mean * local_ * above, smaller(1, s.tokens * s.experts_per_token));
  const double of_others =
      others_ < 0.5 ? 0 : larger(0.2, (rows_ - busiest_) / larger(others_, 1) / mean);
  double active = 0;
  for (std::size_t i = 0; i < kQuantiles; ++i) {
    rows_of_others_[i] = popularity.rows()[i] * of_others;
    active += smaller(1, rows_of_others_[i]);
  }
  active_ = others_ * active / kQuantiles + smaller(busiest_, 1);
  rows_ = larger(rows_, active_);
  constexpr double kCrowding = 1.3;  // the rows of one token do not lie evenly over the devices
  tokens_ = s.tokens * (1 - exp2(-kLog2OfE * kCrowding * rows_ / s.tokens));
}

double ExpertLoad::drawn_tiles(double height) const {
  constexpr double kLastOne = 0.4;  // of a tile, on the average over draws
  double sum = 0;
  for (const double rows : rows_of_others_) {
    sum += smaller(1, rows) * larger(1, rows / height + kLastOne);
  }
  constexpr double kLastOfBusiest = 0.5;
  return others_ * sum / kQuantiles +
         smaller(busiest_, 1) * larger(1, busiest_ / height + kLastOfBusiest);
}

}  // namespace ridgepoint::efficiency
