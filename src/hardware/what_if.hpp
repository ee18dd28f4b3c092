// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::hardware {

/// The figures that what-ifs replaced, by their keys in the file, with what their faults are to
/// point to: "link.domain" → "--set-device link_domain".
using ReplacedFigures = std::map<std::string, std::string>;

struct AppliedWhatIfs {
  ReplacedFigures replaced;
  std::vector<std::string> assumptions;  ///< "memory_bandwidth set to 8TB/s (the file says …)"
};

/// Puts what-ifs into a device before it is read; their values are checked by the reading.
/// REQUIRES: root is an object.
AppliedWhatIfs apply_what_ifs(const Overrides& overrides, json::Value& root, Diagnostics& faults);

}  // namespace ridgepoint::hardware
