// SPDX-License-Identifier: Apache-2.0
#include "app/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/verb.hpp"
#include "app/words.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::app {
namespace {

/// What may stand for the value of an option or an argument.
struct Values {
  bool are_models = false;
  bool are_devices = false;
  bool are_files = false;
  std::vector<std::string> choices;
};

Values values_of(std::string_view placeholder) {
  Values values;
  values.are_models = placeholder == "MODEL";
  values.are_devices = placeholder == "DEVICE";
  values.are_files = placeholder == "FILE";
  while (placeholder.find('|') != std::string_view::npos || !values.choices.empty()) {
    const std::size_t bar = std::min(placeholder.find('|'), placeholder.size());
    values.choices.emplace_back(placeholder.substr(0, bar));
    if (bar == placeholder.size()) break;
    placeholder.remove_prefix(bar + 1);
  }
  return values;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.emplace_back(verb.name);
  return names;
}

std::vector<std::string> flags_of(const Verb& verb) {
  std::vector<std::string> flags;
  for (const Option& option : verb.options) {
    const auto spellings = flag_spellings(option);
    flags.insert(flags.end(), spellings.begin(), spellings.end());
  }
  flags.emplace_back("--help");
  return flags;
}

bool takes_model(const Verb& verb) {
  return std::any_of(verb.positionals.begin(), verb.positionals.end(),
                     [](const Positional& one) { return one.name == "MODEL"; });
}

/// Text inside single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The words that complete a value, as bash and zsh write them.
std::string shell_words(const Values& values) {
  if (values.are_models) return "$_ridgepoint_models";
  if (values.are_devices) return "$_ridgepoint_devices";
  return joined(values.choices);
}

/// One case for each option whose values are known.
std::string bash_value_cases(const Verb& verb) {
  std::string cases;
  for (const Option& option : verb.options) {
    const Values values = values_of(option.value);
    const std::string words = shell_words(values);
    if (words.empty()) continue;
    cases +=
        fmt::format("        {}) words=\"{}\" ;;\n", fmt::join(flag_spellings(option), "|"), words);
  }
  return cases;
}

std::string bash_verb_case(const Verb& verb) {
  return fmt::format(
      "    {})\n      case $previous in\n{}        *) words=\"{}{}\" ;;\n      esac ;;\n",
      verb.name, bash_value_cases(verb), joined(flags_of(verb)),
      takes_model(verb) ? " $_ridgepoint_models" : "");
}

std::string catalogue_words() {
  return fmt::format("_ridgepoint_models=\"{}\"\n_ridgepoint_devices=\"{}\"\n",
                     joined(catalog::model_names()), joined(catalog::device_names()));
}

std::string fish_value(const Option& option) {
  const Values values = values_of(option.value);
  if (values.are_models) return " -x -a \"$__ridgepoint_models\"";
  if (values.are_devices) return " -x -a \"$__ridgepoint_devices\"";
  if (values.are_files) return " -r -F";
  if (!values.choices.empty()) return fmt::format(" -x -a {}", quoted(joined(values.choices)));
  return option.value.empty() ? "" : " -x";
}

std::string fish_option(const Verb& verb, const Option& option) {
  std::string spellings;
  for (const std::string& flag : flag_spellings(option)) {
    const bool is_long = flag.starts_with("--");
    spellings += fmt::format(" {} {}", is_long ? "-l" : "-s", flag.substr(is_long ? 2 : 1));
  }
  return fmt::format("complete -c ridgepoint -n '__fish_seen_subcommand_from {}'{}{} -d {}\n",
                     verb.name, spellings, fish_value(option), quoted(option.help));
}

/// Roff takes a leading dot or quote for a request, and a minus for a hyphen.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string man_option(const Option& option) {
  const std::string value =
      option.value.empty() ? "" : fmt::format(" \\fI{}\\fR", roff(option.value));
  std::string text = fmt::format(".TP\n\\fB{}\\fR{}\n{}",
                                 roff(fmt::format("{}", fmt::join(flag_spellings(option), ", "))),
                                 value, roff(option.help));
  if (!option.default_value.empty()) {
    text += fmt::format(" (default {})", roff(option.default_value));
  }
  return text + "\n";
}

std::string man_verb(const Verb& verb) {
  std::string text = fmt::format(".SH \"ridgepoint {}\"\n{}\n", verb.name, roff(verb.summary));
  for (const std::string_view example : verb.examples) {
    text += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(example));
  }
  for (const Positional& positional : verb.positionals) {
    text += fmt::format(".TP\n\\fI{}\\fR\n{}\n", positional.name, roff(positional.help));
  }
  for (const Option& option : verb.options) text += man_option(option);
  return text;
}

}  // namespace

std::string bash_completion() {
  std::string text = "# bash completion for ridgepoint: ridgepoint completion bash\n" +
                     catalogue_words() + "_ridgepoint() {\n" +
                     "  local current=${COMP_WORDS[COMP_CWORD]}\n"
                     "  local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
                     "  local words=\n"
                     "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n" +
                     fmt::format("    words=\"{} --help --version\"\n", joined(verb_names())) +
                     "  else\n    case ${COMP_WORDS[1]} in\n";
  for (const Verb& verb : verbs()) text += bash_verb_case(verb);
  text +=
      "    esac\n  fi\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}\n"
      "complete -o bashdefault -o default -F _ridgepoint ridgepoint\n";
  return text;
}

std::string zsh_completion() {
  return "#compdef ridgepoint\n"
         "# zsh completion for ridgepoint: ridgepoint completion zsh\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_completion();
}

std::string fish_completion() {
  std::string text = "# fish completion for ridgepoint: ridgepoint completion fish\n" +
                     fmt::format("set -g __ridgepoint_models {}\nset -g __ridgepoint_devices {}\n",
                                 joined(catalog::model_names()), joined(catalog::device_names()));
  for (const Verb& verb : verbs()) {
    text += fmt::format("complete -c ridgepoint -n __fish_use_subcommand -f -a {} -d {}\n",
                        verb.name, quoted(verb.summary));
    if (takes_model(verb)) {
      text += fmt::format(
          "complete -c ridgepoint -n '__fish_seen_subcommand_from {}' -a "
          "\"$__ridgepoint_models\"\n",
          verb.name);
    }
    for (const Option& option : verb.options) text += fish_option(verb, option);
  }
  return text;
}

std::string man_page() {
  std::string text =
      ".TH RIDGEPOINT 1\n.SH NAME\nridgepoint \\- what limits a Transformer on an accelerator, how "
      "fast it can be, and why\n.SH SYNOPSIS\n\\fBridgepoint\\fR \\fIVERB\\fR [\\fIMODEL\\fR] "
      "[options]\n.SH VERBS\n";
  for (const Verb& verb : verbs()) {
    text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", verb.name, roff(verb.summary));
  }
  for (const Verb& verb : verbs()) text += man_verb(verb);
  return text + ".SH \"EXIT STATUS\"\n0 good; 1 internal error; 2 bad input; 3 it does not fit.\n";
}

}  // namespace ridgepoint::app
