// SPDX-License-Identifier: Apache-2.0
#include "app/words.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "app/serve_line.hpp"
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

  Result<Arguments> run(std::vector<std::string>& remarks) {
    while (next_ < words_.size()) {
      if (asks_for_help(words_[next_])) return help();
      take(words_[next_++]);
    }
    if (line_) remarks = take_serve_line(verb_, *line_, arguments_);
    if (line_ || !has_bad_line_) check_positionals();
    if (!faults_.empty()) return fail(faults_);
    const bool settles = line_ && measures_otherwise();
    add_defaults(verb_, arguments_);
    if (settles) settle_memory_fraction(*line_, arguments_);
    return arguments_;
  }

  /// What is given, without what is missing.
  Result<Arguments> run_partly() {
    positionals_ = verb_.positionals.size();
    while (next_ < words_.size()) take(words_[next_++]);
    if (!faults_.empty()) return fail(faults_);
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
      take_rest();
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

  /// A lone word without blanks is a positional, as ever: "-- -odd-name".
  void take_rest() {
    const std::vector<std::string> rest(words_.begin() + static_cast<std::ptrdiff_t>(next_),
                                        words_.end());
    const bool is_lone = rest.size() == 1 && rest[0].find_first_of(" \n") == std::string::npos &&
                         positionals_ < verb_.positionals.size();
    if (!takes_serve_line(verb_) || is_lone) {
      while (next_ < words_.size()) take_positional(words_[next_++]);
      return;
    }
    next_ = words_.size();
    auto line = read_serve_line(rest);
    if (line) {
      positionals_ = verb_.positionals.size();
      line_ = std::move(*line);
      return;
    }
    has_bad_line_ = true;
    faults_.insert(faults_.end(), line.error().begin(), line.error().end());
  }

  /// Whether the line's engine measures its memory in another way than the option does.
  bool measures_otherwise() const {
    constexpr std::string_view kShare = "--gpu-memory-utilization";
    const bool is_other = line_->memory_fraction || line_->engine == report::Engine::tensorrt_llm;
    return is_other && !arguments_.has(kShare) &&
           find_option(verb_, std::string(kShare)) != nullptr;
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
    } else if (!verb_.positionals.empty() && verb_.positionals.back().repeats &&
               arguments_.has(verb_.positionals.back().name)) {
      arguments_.add(verb_.positionals.back().name, word);
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
    for (const Positional& missing : verb_.positionals) {
      if (!missing.is_required || arguments_.has(missing.name)) continue;
      faults_.push_back({std::string(missing.name), "is missing", std::string(missing.help)});
    }
  }

  const Verb& verb_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  std::size_t positionals_ = 0;
  Arguments arguments_;
  Diagnostics faults_;
  std::optional<ServeLine> line_;
  bool has_bad_line_ = false;
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

void add_defaults(const Verb& verb, Arguments& arguments) {
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (!option.default_value.empty() && !arguments.has(name)) {
      arguments.add(name, std::string(option.default_value));
    }
  }
}

Result<Arguments> read_words(const Verb& verb, const std::vector<std::string>& words,
                             std::vector<std::string>& remarks) {
  return WordReader(verb, words).run(remarks);
}

Result<Arguments> read_more_words(const Verb& verb, const Arguments& given,
                                  const std::vector<std::string>& words) {
  const auto more = WordReader(verb, words).run_partly();
  if (!more) return fail(more.error());
  Arguments all = given;
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (!more->has(name)) continue;
    if (!option.repeats) {
      all.set(name, more->value(name));
      continue;
    }
    for (const std::string& value : more->values(name)) all.add(name, value);
  }
  return all;
}

Result<std::vector<std::string>> split_words(std::string_view line, std::string_view where) {
  std::vector<std::string> words;
  std::string word;
  bool is_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < line.size();
    if (escapes) {
      if (line[++i] == '\n') continue;  // the line goes on
      word += line[i];
    } else if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? '\0' : c;
    } else if (quote == 0 && std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (is_word) words.push_back(std::move(word));
      word.clear();
      is_word = false;
      continue;
    } else {
      word += c;
    }
    is_word = true;
  }
  if (quote != 0) {
    return fail(std::string(where), std::string("a quotation mark ") + quote + " is not closed",
                "close it at the end of the word");
  }
  if (is_word) words.push_back(std::move(word));
  return words;
}

}  // namespace ridgepoint::app
