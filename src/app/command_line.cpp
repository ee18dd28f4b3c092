// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <algorithm>

#include "app/words.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/version.hpp"

namespace ridgepoint::app {
namespace {

const Verb* find_verb(const std::string& name) {
  for (const Verb& verb : verbs()) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

tl::unexpected<Diagnostics> unknown_verb(const std::string& word) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.emplace_back(verb.name);
  const std::string hint = did_you_mean(word, names);
  return fail(word, "is not a verb", hint.empty() ? "see ridgepoint --help" : hint);
}

}  // namespace

Result<std::variant<Invocation, Notice>> parse_command_line(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") return Notice{program_help()};
  if (words[0] == "--version") return Notice{"ridgepoint " + std::string(kVersion) + "\n"};
  if (words[0] == "help") {
    if (words.size() == 1) return Notice{program_help()};
    const Verb* verb = find_verb(words[1]);
    return verb == nullptr ? Result<std::variant<Invocation, Notice>>(unknown_verb(words[1]))
                           : Notice{verb_help(*verb)};
  }
  const Verb* verb = find_verb(words[0]);
  if (verb == nullptr) return unknown_verb(words[0]);
  std::vector<std::string> remarks;
  const auto arguments = read_words(*verb, {words.begin() + 1, words.end()}, remarks);
  if (!arguments) return fail(arguments.error());
  if (arguments->has("--help")) return Notice{verb_help(*verb)};
  return Invocation{verb, *arguments, std::move(remarks)};
}

}  // namespace ridgepoint::app
