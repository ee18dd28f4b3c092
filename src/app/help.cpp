// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "app/command_line.hpp"
#include "app/serve_line.hpp"
#include "app/words.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::size_t kHelpColumn = 34;

std::string two_columns(const std::string& left, std::string_view right) {
  if (left.size() + 4 > kHelpColumn) {
    return fmt::format("  {}\n{:{}}{}\n", left, "", kHelpColumn, right);
  }
  return fmt::format("  {:{}}{}\n", left, kHelpColumn - 2, right);
}

std::string option_line(const Option& option) {
  std::string left;
  for (const std::string& spelling : flag_spellings(option)) {
    left += (left.empty() ? "" : ", ") + spelling;
  }
  if (!option.value.empty()) left += " " + std::string(option.value);
  std::string right(option.help);
  if (!option.default_value.empty()) right += fmt::format(" (default {})", option.default_value);
  return two_columns(left, right);
}

std::string usage(const Verb& verb) {
  std::string line = fmt::format("ridgepoint {}", verb.name);
  for (const Positional& positional : verb.positionals) {
    const std::string name(positional.name);
    line += positional.is_required ? " " + name : " [" + name + "]";
    if (positional.repeats) line += "...";
  }
  return line + " [options]";
}

}  // namespace

std::string program_help() {
  std::string text =
      "Ridgepoint tells what limits a Transformer on an accelerator, how fast it can be, and why.\n"
      "\nExamples\n"
      "  ridgepoint roofline llama-2-13b -d h100-sxm --phase decode -b 1 -s 1024\n"
      "  ridgepoint derive matmul -d h100-sxm\n"
      "\nUsage: ridgepoint VERB [options]\n\nVerbs\n";
  for (const Verb& verb : verbs()) text += two_columns(std::string(verb.name), verb.summary);
  text += "\nOptions\n";
  text += two_columns("-h, --help", "this text; after a verb, that verb's options");
  text += two_columns("--version", "the version");
  text +=
      "\nThe answer goes to stdout, everything else to stderr. Exit codes: 0 good, 1 internal "
      "error,\n2 bad input, 3 it does not fit.\n";
  return text;
}

std::string verb_help(const Verb& verb) {
  std::string text = fmt::format("{}\n\nExamples\n", verb.summary);
  for (const std::string_view example : verb.examples) text += fmt::format("  {}\n", example);
  text += fmt::format("\nUsage: {}\n", usage(verb));
  if (!verb.positionals.empty()) text += "\nArguments\n";
  for (const Positional& positional : verb.positionals) {
    text += two_columns(std::string(positional.name), positional.help);
  }
  if (takes_serve_line(verb)) {
    text += two_columns("-- LINE", "vllm serve MODEL ..., or a line of SGLang or TensorRT-LLM");
  }
  text += "\nOptions\n";
  for (const Option& option : verb.options) text += option_line(option);
  text += two_columns("-h, --help", "this text");
  return text;
}

}  // namespace ridgepoint::app
