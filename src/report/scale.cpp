// SPDX-License-Identifier: Apache-2.0
#include "report/scale.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

struct Unit {
  std::string_view name;
  double size;
};
constexpr std::array kFlops{Unit{"FLOP", 1},    Unit{"kFLOP", 1e3},  Unit{"MFLOP", 1e6},
                            Unit{"GFLOP", 1e9}, Unit{"TFLOP", 1e12}, Unit{"PFLOP", 1e15}};
constexpr std::array kBytes{Unit{"B", 1}, Unit{"kB", 1e3}, Unit{"MB", 1e6}, Unit{"GB", 1e9},
                            Unit{"TB", 1e12}};
constexpr std::array kTimes{Unit{"ns", 1e-9}, Unit{"µs", 1e-6}, Unit{"ms", 1e-3}, Unit{"s", 1}};

Scale choose(std::span<const Unit> units, const std::vector<double>& values) {
  double largest = 0;
  double smallest = 0;
  for (const double value : values) {
    if (value <= 0) continue;
    largest = std::max(largest, value);
    smallest = smallest == 0 ? value : std::min(smallest, value);
  }
  std::size_t at = units.size() - 1;
  while (at > 0 && largest < units[at].size) --at;
  while (at > 0 && smallest < 0.01 * units[at].size && largest < 1e5 * units[at - 1].size) --at;
  return {std::string(units[at].name), units[at].size};
}

}  // namespace

std::string Scale::show(double value) const { return format_number(value / size); }

Scale flops_scale(const std::vector<double>& values) { return choose(kFlops, values); }
Scale bytes_scale(const std::vector<double>& values) { return choose(kBytes, values); }
Scale time_scale(const std::vector<double>& values) { return choose(kTimes, values); }

}  // namespace ridgepoint::report
