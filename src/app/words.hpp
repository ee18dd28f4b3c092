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

/// Gives every option of a verb that is absent its default, where it has one.
void add_defaults(const Verb& verb, Arguments& arguments);

/// Sorts the words after a verb by option and positional, and puts defaults in. Options may stand
/// anywhere, as "--name value", "--name=value", "-n value" or "-n8"; vLLM's "-tp 4" is "--tp 4".
/// What follows an option that takes a value is its value, whatever it begins with; an expression
/// may begin with a minus. After "--" all are positionals, or a line that starts an engine where
/// the verb takes one: `remarks` then gets what is not as the line says. All faults at once:
/// unknown options get near names. Help, once asked for, is all that is returned: "--help".
Result<Arguments> read_words(const Verb& verb, const std::vector<std::string>& words,
                             std::vector<std::string>& remarks);

/// `given`, with options among `words` over its own; those that repeat are added. No positionals.
Result<Arguments> read_more_words(const Verb& verb, const Arguments& given,
                                  const std::vector<std::string>& words);

/// The words of a line, as a shell parts them: at blanks, with '…', "…" and \ keeping what they
/// enclose together.
Result<std::vector<std::string>> split_words(std::string_view line, std::string_view where);

}  // namespace ridgepoint::app
