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
  for (const Option& option : verb.options) names.push_back(option_name(option));
  const std::string hint = did_you_mean(flag, names);
  return hint.empty() ? "see ridgepoint " + std::string(verb.name) + " --help" : hint;
}

/// Walks the words of one verb once.
class Normaliser {
 public:
  Normaliser(const Verb& verb, const std::vector<std::string>& words)
      : verb_(verb), words_(words) {}

  Result<std::vector<std::string>> run() {
    while (next_ < words_.size()) take(words_[next_++]);
    if (!faults_.empty()) return fail(faults_);
    options_.push_back("--");
    options_.insert(options_.end(), positionals_.begin(), positionals_.end());
    return options_;
  }

 private:
  void take(const std::string& word) {
    if (word == "--") {
      positionals_.insert(positionals_.end(), words_.begin() + static_cast<long>(next_),
                          words_.end());
      next_ = words_.size();
    } else if (const SplitWord split = split_at_equals(word);
               looks_like_option(word) && find_option(verb_, split.flag) != nullptr) {
      take_option(*find_option(verb_, split.flag), split);
    } else if (const Option* option = find_attached(verb_, word)) {
      options_.push_back(option_name(*option) + "=" + word.substr(2));
    } else if (looks_like_option(word) && !may_be_positional(word)) {
      faults_.push_back({word, "is not an option of " + std::string(verb_.name),
                         near_options(verb_, split.flag)});
    } else {
      positionals_.push_back(word);
    }
  }

  void take_option(const Option& option, const SplitWord& split) {
    const std::string name = option_name(option);
    if (option.value.empty()) {
      if (split.has_value) faults_.push_back({name, "takes no value", "write " + name});
      options_.push_back(name);
    } else if (split.has_value) {
      options_.push_back(name + "=" + split.value);
    } else if (next_ < words_.size()) {
      options_.push_back(name + "=" + words_[next_++]);
    } else {
      faults_.push_back({name, "needs a value: " + std::string(option.value), ""});
    }
  }

  /// "-S/2" where an expression is still expected.
  bool may_be_positional(const std::string& word) const {
    return word[1] != '-' && positionals_.size() < verb_.positionals.size() &&
           verb_.positionals[positionals_.size()].name == "EXPR";
  }

  const Verb& verb_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  std::vector<std::string> options_;
  std::vector<std::string> positionals_;
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

Result<std::vector<std::string>> normalise_words(const Verb& verb,
                                                 const std::vector<std::string>& words) {
  return Normaliser(verb, words).run();
}

}  // namespace ridgepoint::app
