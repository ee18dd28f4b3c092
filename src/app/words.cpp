// SPDX-License-Identifier: Apache-2.0
#include "app/words.hpp"

#include <algorithm>
#include <cctype>

#include "ridgepoint/core/names.hpp"

namespace ridgepoint::app {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// "-x", "-tp", "--name", "--name=value"; not "-", "--", "-3", "-(a + b)".
bool looks_like_option(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  return word[1] == '-' ? word.size() > 2 : is_letter(word[1]);
}

struct SplitWord {
  std::string flag;
  std::string value;
  bool has_value = false;
};

SplitWord split_at_equals(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return {word, {}, false};
  return {word.substr(0, equals), word.substr(equals + 1), true};
}

const Option* find_option(const Verb& verb, const std::string& flag) {
  // vLLM's multi-letter flags have one dash: -tp is --tp.
  const std::string long_form = flag.size() > 2 && flag[1] != '-' ? "-" + flag : flag;
  for (const Option& option : verb.options) {
    const auto spellings = flag_spellings(option);
    const auto is_it = [&](const std::string& s) { return s == flag || s == long_form; };
    if (std::any_of(spellings.begin(), spellings.end(), is_it)) return &option;
  }
  return nullptr;
}

/// "-b64" → the option -b, when it takes a value.
const Option* find_attached(const Verb& verb, const std::string& word) {
  if (word.size() < 3 || word[1] == '-' || is_letter(word[2])) return nullptr;
  const Option* option = find_option(verb, word.substr(0, 2));
  return option != nullptr && !option->value.empty() ? option : nullptr;
}

std::string near_options(const Verb& verb, const std::string& flag) {
  std::vector<std::string> names;
  names.reserve(verb.options.size());
  for (const Option& option : verb.options) names.push_back(option_name(option));
  const std::string hint = did_you_mean(flag, names);
  return hint.empty() ? "see ridgepoint " + std::string(verb.name) + " --help" : hint;
}

bool asks_for_help(const std::string& word) { return word == "-h" || word == "--help"; }

/// Walks the words of one verb once.
class WordReader {
 public:
  WordReader(const Verb& verb, const std::vector<std::string>& words)
      : verb_(verb), words_(words) {}

  Result<Arguments> run() {
    while (next_ < words_.size()) {
      if (asks_for_help(words_[next_])) return help();
      take(words_[next_++]);
    }
    check_positionals();
    if (!faults_.empty()) return fail(faults_);
    add_defaults();
    return arguments_;
  }

 private:
  static Arguments help() {
    Arguments only;
    only.add("--help", "true");
    return only;
  }

  void take(const std::string& word) {
    const SplitWord split = split_at_equals(word);
    if (word == "--") {
      while (next_ < words_.size()) take_positional(words_[next_++]);
    } else if (const Option* named =
                   looks_like_option(word) ? find_option(verb_, split.flag) : nullptr) {
      take_option(*named, split);
    } else if (const Option* attached = find_attached(verb_, word)) {
      add(*attached, word.substr(2));
    } else if (looks_like_option(word) && !may_be_expression(word)) {
      faults_.push_back({word, "is not an option of " + std::string(verb_.name),
                         near_options(verb_, split.flag)});
    } else {
      take_positional(word);
    }
  }

  void take_option(const Option& option, const SplitWord& split) {
    if (option.value.empty()) {
      const std::string name = option_name(option);
      if (split.has_value) faults_.push_back({name, "takes no value", "write " + name});
      arguments_.set(name, "true");
    } else if (split.has_value || next_ == words_.size()) {
      add(option, split.value);
    } else {
      add(option, words_[next_++]);
    }
  }

  void add(const Option& option, const std::string& value) {
    const std::string name = option_name(option);
    if (value.empty()) {
      faults_.push_back({name, "needs a value", "write " + name + " " + std::string(option.value)});
    } else if (!option.repeats && arguments_.has(name)) {
      faults_.push_back({name, "is given more than once", "give it once"});
    } else {
      arguments_.add(name, value);
    }
  }

  void take_positional(const std::string& word) {
    if (positionals_ < verb_.positionals.size()) {
      arguments_.add(verb_.positionals[positionals_++].name, word);
    } else {
      faults_.push_back({"\"" + word + "\"", "is one argument too many",
                         "see ridgepoint " + std::string(verb_.name) + " --help"});
    }
  }

  /// "-S/2" where an expression is still expected.
  bool may_be_expression(const std::string& word) const {
    return word[1] != '-' && positionals_ < verb_.positionals.size() &&
           verb_.positionals[positionals_].name == "EXPR";
  }

  void check_positionals() {
    for (std::size_t i = positionals_; i < verb_.positionals.size(); ++i) {
      const Positional& missing = verb_.positionals[i];
      if (!missing.is_required) continue;
      faults_.push_back({std::string(missing.name), "is missing", std::string(missing.help)});
    }
  }

  void add_defaults() {
    for (const Option& option : verb_.options) {
      const std::string name = option_name(option);
      if (!option.default_value.empty() && !arguments_.has(name)) {
        arguments_.add(name, std::string(option.default_value));
      }
    }
  }

  const Verb& verb_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  std::size_t positionals_ = 0;
  Arguments arguments_;
  Diagnostics faults_;
};

}  // namespace

std::vector<std::string> flag_spellings(const Option& option) {
  std::vector<std::string> spellings;
  std::string_view rest = option.flags;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    spellings.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return spellings;
}

std::string option_name(const Option& option) { return flag_spellings(option).back(); }

Result<Arguments> read_words(const Verb& verb, const std::vector<std::string>& words) {
  return WordReader(verb, words).run();
}

}  // namespace ridgepoint::app
