// SPDX-License-Identifier: Apache-2.0
#include "app/common_options.hpp"
#include "app/completion.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kKinds = "bash|zsh|fish|man";

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string kind = read_choice(arguments, "KIND", kKinds, faults);
  if (faults) return fail(faults.all());
  if (kind == "zsh") return Answer{zsh_completion(), {}};
  if (kind == "fish") return Answer{fish_completion(), {}};
  if (kind == "man") return Answer{man_page(), {}};
  return Answer{bash_completion(), {}};
}

}  // namespace

Verb completion_verb() {
  return {.name = "completion",
          .summary = "Print the completions of a shell, or the manual page",
          .examples = {"ridgepoint completion bash --out ridgepoint.bash",
                       "ridgepoint completion man --out ridgepoint.1"},
          .positionals = {{"KIND", kKinds}},
          .options = {kOutOption},
          .run = run};
}

}  // namespace ridgepoint::app
