// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "report/geometry.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::report {

/// Where a picture will stand.
enum class Setting {
  standalone,  ///< a file of its own: with title, ground and style
  wide,        ///< inside a page that brings the style
  narrow,      ///< the same on a phone
};

/// Operators under the roofs of the device, log-log.
std::string roofline_picture(const predict::Analysis& analysis, Setting setting);
/// Decode latency against throughput over batch sizes, with the memory wall.
std::string batch_picture(const predict::Analysis& analysis, Setting setting);
/// Weights, KV cache and what is left, at the batch asked for and at the largest that fits.
std::string memory_picture(const predict::Analysis& analysis, Setting setting);

/// The class of a phase's marks: shape and colour belong together.
std::string_view mark_class(predict::Phase phase);

}  // namespace ridgepoint::report
