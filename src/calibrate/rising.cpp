// SPDX-License-Identifier: Apache-2.0
#include "calibrate/rising.hpp"

#include <vector>

namespace ridgepoint::calibrate {
namespace {

/// The nearest numbers that never fall: neighbours that do are pooled at their mean.
void pool_violators(std::vector<double>& values) {
  struct Pool {
    double mean;
    double size;
  };
  std::vector<Pool> pools;
  for (const double value : values) {
    pools.push_back({value, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& pool = pools.back();
      pool.mean = (pool.mean * pool.size + last.mean * last.size) / (pool.size + last.size);
      pool.size += last.size;
    }
  }
  auto next = values.begin();
  for (const Pool& pool : pools) {
    for (double i = 0; i < pool.size; ++i) *next++ = pool.mean;
  }
}

std::vector<double> features_at(const efficiency::Correction& table, std::size_t knot) {
  std::vector<double> features(table.axes.size());
  for (std::size_t i = table.axes.size(); i-- > 0;) {
    const efficiency::Axis& axis = table.axes[i];
    features[i] = axis.first + axis.step * static_cast<double>(knot % axis.knots);
    knot /= axis.knots;
  }
  return features;
}

}  // namespace

void make_rising(efficiency::Correction& table, const LnTimeAt& ln_time) {
  const std::size_t stride = table.values.size() / table.axes.front().knots;
  for (std::size_t first = 0; first < stride; ++first) {
    std::vector<double> by_form;
    std::vector<double> times;
    for (std::size_t at = first; at < table.values.size(); at += stride) {
      by_form.push_back(ln_time(features_at(table, at)));
      times.push_back(by_form.back() + table.values[at]);
    }
    pool_violators(times);
    for (std::size_t i = 0; i < times.size(); ++i) {
      table.values[first + i * stride] = times[i] - by_form[i];
    }
  }
}

}  // namespace ridgepoint::calibrate
