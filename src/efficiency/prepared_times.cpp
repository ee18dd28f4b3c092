// SPDX-License-Identifier: Apache-2.0
#include "efficiency/prepared_times.hpp"

#include <algorithm>
#include <limits>

#include "efficiency/band_at.hpp"

namespace ridgepoint::efficiency {
namespace {

struct FinishBody {
  FloorLine floor;
  BandFactors band;
  const double* size;
  const double* by_form;
  const double* correction;
  const double* floors;
  double* seconds;
  double* low;
  double* high;

  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double least = larger(larger(floor.of_size * size[i], floor.fixed), floors[i]);
    const double time = larger(least, by_form[i] * exp(correction[i]));
    double down = band.largest.low;
    double up = band.largest.high;
    for (const BandFactors::Class& each : band.smaller) {
      down = time < each.below_s ? each.low : down;
      up = time < each.below_s ? each.high : up;
    }
    seconds[i] = time;
    low[i] = larger(least, time * down);
    high[i] = larger(least, time * up);
  }
};

/// Of attention alone there is something in all of them.
const double* part_of(std::span<const double> all, std::size_t first) {
  return all.empty() ? nullptr : all.data() + first;
}

}  // namespace

BandFactors BandFactors::of(const Band& band) {
  BandFactors factors;
  for (Class& each : factors.smaller) each.below_s = -std::numeric_limits<double>::infinity();
  const std::size_t classes = band.classes.size();
  for (std::size_t i = 0; i < classes; ++i) {
    const Band::Class& from = band.classes[i];
    const Class made{from.below_s, exp(from.low), exp(from.high)};
    (i + 1 == classes ? factors.largest : factors.smaller[classes - 2 - i]) = made;
  }
  return factors;
}

bool FormTimes::prepare(const KernelProfile& kernel, const TableSetting& setting,
                        const Shape& like) {
  if (kernel.band.classes.size() > BandFactors::kMost) return false;
  band_ = BandFactors::of(band_at(kernel, like));
  for (const Correction& table : kernel.corrections) {
    const bool is_empty = std::all_of(table.values.begin(), table.values.end(),
                                      [](double value) { return value == 0; });
    if (table.factor || is_empty) continue;
    if (!tables_.add(table, 1, setting)) return false;
  }
  return true;
}

void FormTimes::times(const VaryingShapes& shapes, const ExpectedSpans& out,
                      InstructionSet set) const {
  Chunk chunk;
  PointFeatures points;
  for (std::size_t i = 0; i < points.slot.size(); ++i) {
    points.slot[i] = chunk.log2_features[i].data();
  }
  points.kind = chunk.kind.data();
  chunk.set = set;
  const std::size_t all = shapes.size.size();
  for (std::size_t first = 0; first < all; first += kChunk) {
    chunk.n = std::min(kChunk, all - first);
    chunk.size = part_of(shapes.size, first);
    chunk.new_tokens = part_of(shapes.new_tokens, first);
    chunk.context = part_of(shapes.context, first);
    std::fill_n(chunk.correction.begin(), chunk.n, 0.0);
    std::fill_n(chunk.kind.begin(), chunk.n, 0.0);
    std::fill_n(chunk.least.begin(), chunk.n, 0.0);
    set_features(chunk);
    set_seconds(chunk);
    tables_.add_to(chunk.correction.data(), points, chunk.n, set);
    finish(chunk, out.seconds.data() + first, out.low.data() + first, out.high.data() + first);
  }
}

void FormTimes::finish(const Chunk& chunk, double* seconds, double* low, double* high) const {
  for_each_point(FinishBody{floor_, band_, chunk.size, chunk.seconds.data(),
                            chunk.correction.data(), chunk.least.data(), seconds, low, high},
                 chunk.n, chunk.set);
}

}  // namespace ridgepoint::efficiency
