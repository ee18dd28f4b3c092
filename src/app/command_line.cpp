// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
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

/// A parser with the options and positionals of one verb, writing into `values`.
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;
void declare(const Verb& verb, CLI::App& parser, Values& values) {
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (option.value.empty()) {
      parser.add_flag_callback(name, [&values, name] { values[name] = {"true"}; });
    } else {
      parser.add_option(name, values[name])->allow_extra_args(false);
    }
  }
  for (const Positional& positional : verb.positionals) {
    auto* declared =
        parser.add_option(std::string(positional.name), values[std::string(positional.name)]);
    declared->expected(1)->required(positional.is_required);
  }
}

Arguments collect(const Verb& verb, const Values& values) {
  Arguments arguments;
  for (const auto& [name, given] : values) {
    for (const std::string& value : given) arguments.add(name, value);
  }
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (!option.default_value.empty() && !arguments.has(name)) {
      arguments.add(name, std::string(option.default_value));
    }
  }
  return arguments;
}

/// Of options that do not repeat, the last one counts twice over: say so instead.
Diagnostics repeated_options(const Verb& verb, const Values& values) {
  Diagnostics faults;
  for (const Option& option : verb.options) {
    const auto given = values.find(option_name(option));
    if (!option.repeats && given != values.end() && given->second.size() > 1) {
      faults.push_back({given->first, "is given more than once", "give it once"});
    }
  }
  return faults;
}

Result<Arguments> parse_words(const Verb& verb, const std::vector<std::string>& words) {
  auto normalised = normalise_words(verb, words);
  if (!normalised) return fail(normalised.error());
  Values values;
  CLI::App parser;
  parser.set_help_flag();
  declare(verb, parser, values);
  std::reverse(normalised->begin(), normalised->end());  // CLI11 reads from the back
  try {
    parser.parse(std::move(*normalised));
  } catch (const CLI::ParseError& error) {
    return fail(std::string(verb.name), error.what(),
                "see ridgepoint " + std::string(verb.name) + " --help");
  }
  if (Diagnostics faults = repeated_options(verb, values); !faults.empty()) return fail(faults);
  return collect(verb, values);
}

bool asks_for_help(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end,
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
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
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (asks_for_help(rest)) return Notice{verb_help(*verb)};
  const auto arguments = parse_words(*verb, rest);
  if (!arguments) return fail(arguments.error());
  return Invocation{verb, *arguments};
}

}  // namespace ridgepoint::app
