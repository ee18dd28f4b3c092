// SPDX-License-Identifier: Apache-2.0
#include "report/band_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgepoint::report {
namespace {

/// Above this share of a time what was not measured is told.
constexpr double kNoticeable = 0.0005;
constexpr double kMuch = 0.1;

double unmeasured_share(const predict::ExpectedTime& time) {
  return time.kernels_s > 0 ? time.unmeasured_s / time.kernels_s : 0;
}

}  // namespace

std::string band_words(double low, double high, const Scale& scale) {
  const auto [least, most] = std::minmax(low, high);
  return fmt::format("{}–{}", scale.show(least), scale.show(most));
}

std::string band_words(const efficiency::Expected& time, const Scale& scale) {
  return band_words(time.low, time.high, scale);
}

std::string with_band(const efficiency::Expected& time) {
  const Scale scale = time_scale({time.seconds});
  return fmt::format("{} {} ({})", scale.show(time.seconds), scale.unit, band_words(time, scale));
}

std::string composition_words(const predict::ExpectedTime& time, Charset charset) {
  const auto words = [&](double seconds) { return format_time(Seconds(seconds), 3, charset); };
  std::string parts = "kernels " + words(time.kernels_s);
  if (time.sampling_s > 0) parts += " + sampling " + words(time.sampling_s);
  if (time.host_s > 0) parts += " + host " + words(time.host_s);
  const double share = unmeasured_share(time);
  if (share < kNoticeable) return parts;
  return parts + fmt::format(
                     "; {} % of the kernels' time is of operators like which none was "
                     "measured",
                     format_number(100 * share, 2));
}

std::string unmeasured_words(const predict::ExpectedTime& time) {
  const double share = unmeasured_share(time);
  return share < kMuch ? "" : fmt::format("{:.0f} % of it rests on no measurement", 100 * share);
}

}  // namespace ridgepoint::report
