// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ridgepoint::repo {

/// "$ command" in a fenced block of Markdown, and the lines shown below it. A line that holds
/// nothing but "…" stands for any number of lines.
struct Example {
  std::string command;
  std::vector<std::string> shown;
};

std::vector<Example> examples(const std::vector<std::string>& markdown);

/// Whether a command that printed `printed` is shown truthfully as `shown`.
bool shows(const std::vector<std::string>& shown, const std::vector<std::string>& printed);

}  // namespace ridgepoint::repo
