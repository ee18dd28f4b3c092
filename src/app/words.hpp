// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/verb.hpp"

namespace ridgepoint::app {

/// "-b,--batch" → {"-b", "--batch"}
std::vector<std::string> flag_spellings(const Option& option);
/// The spelling that an option is known by: the last one.
std::string option_name(const Option& option);

/// Sorts the words after a verb by option and positional, and puts defaults in. Options may stand
/// anywhere, as "--name value", "--name=value", "-n value" or "-n8"; vLLM's "-tp 4" is "--tp 4".
/// What follows an option that takes a value is its value, whatever it begins with; an expression
/// may begin with a minus; after "--" all are positionals. All faults at once: unknown options get
/// near names. Help, once asked for, is all that is returned: "--help".
Result<Arguments> read_words(const Verb& verb, const std::vector<std::string>& words);

}  // namespace ridgepoint::app
