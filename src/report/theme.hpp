// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ridgepoint::report {

/// The colours of pictures and pages as CSS: custom properties that follow the reader's colour
/// scheme on screen and are light in print, and the classes of the pictures.
std::string picture_css();

/// What a page adds: typography, tables, spacing.
std::string page_css();

}  // namespace ridgepoint::report
