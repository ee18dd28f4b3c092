// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ridgepoint::app {

/// Completion scripts, made from the rows that the parser reads: verbs, options, the values that
/// an option may take, and the names of the catalogue for MODEL, --draft and --device.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

/// The manual page, ridgepoint(1), in roff.
std::string man_page();

}  // namespace ridgepoint::app
