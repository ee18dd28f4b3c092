// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::app {

/// The exit codes that scripts rely on.
enum ExitCode : int {
  kGood = 0,
  kInternalError = 1,  ///< a claim that `derive` could not prove, too
  kBadInput = 2,
  kDoesNotFit = 3,
  kNotMet = 4,         ///< nothing keeps to what was asked
  kInterrupted = 130,  ///< what was found so far is told all the same
};

/// What a verb has to say: one document for stdout or --out, and remarks for stderr.
struct Answer {
  std::string document;
  std::vector<std::string> warnings;
  ExitCode exit_code = kGood;
  std::string summary = {};  ///< for stdout where the document goes to --out
};

/// One option. The same row makes the parser, the help, the man page and the completions.
struct Option {
  std::string_view flags;          ///< "-b,--batch": short first, the long one is its name
  std::string_view value;          ///< what stands for its value in the help; empty for a switch
  std::string_view help;           ///< one sentence
  std::string_view default_value;  ///< shown in the help and used when absent; may be empty
  bool repeats = false;
};

struct Positional {
  std::string_view name;  ///< in capitals: "MODEL"
  std::string_view help;
  bool is_required = true;
  bool repeats = false;  ///< of the last one: further words belong to it too
};

/// One verb of the command line.
struct Verb {
  std::string_view name;
  std::string_view summary;
  std::vector<std::string_view> examples;  ///< two at least, shown first in the help
  std::vector<Positional> positionals;
  std::vector<Option> options;
  Result<Answer> (*run)(const Arguments&);
  bool is_for_ranks = false;  ///< all ranks of a launcher run it, and the first one's answer counts
};

/// Every verb, in the order of the help.
const std::vector<Verb>& verbs();

// One file each: verb_<name>.cpp.
Verb roofline_verb();
Verb stats_verb();
Verb fit_verb();
Verb estimate_verb();
Verb compare_verb();
Verb plan_verb();
Verb sweep_verb();
Verb merge_verb();
Verb sensitivity_verb();
Verb speculate_verb();
Verb emit_verb();
Verb calibrate_verb();
Verb score_verb();
Verb derive_verb();
Verb algebra_verb();
Verb devices_verb();
Verb models_verb();
Verb completion_verb();

}  // namespace ridgepoint::app
