// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::report {

/// An axis of a space, as rows tell where on it they are.
struct SweepAxis {
  enum class Group { name, devices, split, setting, load } group;
  const char* header;  ///< for people
  const char* key;     ///< for machines
  enum class Use {
    varied,  ///< it has several values
    common,  ///< all points have the same
    derived  ///< it follows from others
  } use;
  bool is_number;
  /// The value alone.
  std::string (*words)(const explore::Candidate& candidate);
  Json (*json)(const explore::Candidate& candidate);

  /// "batch 64", "TP 8"; names and types speak for themselves.
  std::string place(const explore::Candidate& candidate) const;
};

/// In the order of the columns.
std::vector<SweepAxis> sweep_axes(const explore::Axes& axes);

/// Where a point is on the axes that vary: "h200-sxm, TP 8, batch 64"; its model where none does.
std::string place_words(const explore::Space& space, const explore::Candidate& candidate);

/// What all points have in common: "llama-2-13b, H100 SXM, 1,024 tokens in".
std::string common_words(const explore::Space& space);

}  // namespace ridgepoint::report
