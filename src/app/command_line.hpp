// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "app/verb.hpp"

namespace ridgepoint::app {

/// What the user asked for.
struct Invocation {
  const Verb* verb;
  Arguments arguments;
  std::vector<std::string> remarks;  ///< on how the words were read
};
/// A text that answers by itself: --help, --version.
struct Notice {
  std::string text;
};

/// Reads the words after the program's name. Options may stand before, between and after
/// positionals; "-tp 4" is "--tp 4"; a value or an expression may begin with a minus.
Result<std::variant<Invocation, Notice>> parse_command_line(const std::vector<std::string>& words);

std::string program_help();
std::string verb_help(const Verb& verb);

}  // namespace ridgepoint::app
