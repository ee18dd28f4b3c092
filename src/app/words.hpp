// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/verb.hpp"

namespace ridgepoint::app {

/// "-b,--batch" → {"-b", "--batch"}
std::vector<std::string> flag_spellings(const Option& option);
/// The spelling that an option is known by: the last one.
std::string option_name(const Option& option);

/// The words of one verb in a form that a conventional parser cannot misread: options as
/// "--name=value", switches as "--name", then "--" and the positionals. Knows which options take a
/// value, so that "-3*x" can be one, and "-S/2" an expression. Unknown options are faults, with
/// near names.
Result<std::vector<std::string>> normalise_words(const Verb& verb,
                                                 const std::vector<std::string>& words);

}  // namespace ridgepoint::app
