// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ridgepoint::app {

/// A model as a line names it, in words that the catalogue understands.
struct NamedModel {
  std::string name;     ///< of the catalogue, or what was typed
  std::string weights;  ///< that its name tells: "fp8" of "…-FP8-dynamic"; may be empty
  std::string remark;   ///< where something was taken for granted
};

/// A name on the hub that the catalogue has not: the same model of another publisher, tuned for
/// chat, or quantised, as the end of its name tells. Otherwise what was typed.
NamedModel known_model(const std::string& typed);

}  // namespace ridgepoint::app
