// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "predict/prompt_chunks.hpp"
#include "ridgepoint/core/dual.hpp"
#include "ridgepoint/predict/parameter.hpp"

namespace ridgepoint::predict {

/// A parameter that leaves its value by a factor of 1 ± h, h → 0: slopes are for a step of 1 in h.
struct Change {
  const Parameter* parameter = nullptr;  ///< null: nothing changes
  double direction = 1;                  ///< or −1

  /// The value of the parameter of that name; of a share of it, or of so many times it, too.
  Dual of(std::string_view name, double value) const;
};

/// The figures of a static batch beside a point, by floor or bound: those of `estimate` where
/// nothing changes, with MFU and MBU left out. REQUIRES: `estimate` has an answer; not expected.
RequestTimesOf<Dual> beside(const model::Architecture& architecture, const hardware::Device& device,
                            const RequestQuestion& question, Reading reading, const Change& change);

}  // namespace ridgepoint::predict
