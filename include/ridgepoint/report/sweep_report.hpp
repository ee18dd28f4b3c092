// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/explore/sweep.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// A sweep with the space that it went through.
struct SweptSpace {
  const explore::Space& space;
  const explore::Sweep& sweep;
};

/// The best of a sweep that goes on: "3,777 tokens/s: TP 1, batch 256".
std::string best_words(const explore::Space& space, const explore::Objective& objective,
                       const explore::KeyedPoint& best);

/// The documents of `sweep`. All show the same figures, those of the sweep's reading; each ends
/// with a line feed.
std::string to_text(const SweptSpace& swept, const Terminal& terminal = {});
std::string to_json(const SweptSpace& swept);
/// One line for each of the best points and each of the front, in base units.
std::string to_csv(const SweptSpace& swept);
std::string to_markdown(const SweptSpace& swept);
/// A page that needs no other file: the front, or the best, as a picture and as tables.
std::string to_html(const SweptSpace& swept);

}  // namespace ridgepoint::report
