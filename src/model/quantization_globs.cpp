// SPDX-License-Identifier: Apache-2.0
// Names and regular expressions of tensors, as quantization_config lists them.
#include <fmt/format.h>

#include "model/quantization.hpp"

namespace ridgepoint::model {
namespace {

// Patterns are turned into globs of '*' and '?', which match in linear memory and bounded time.

/// A regular expression of the simple kind that files use.
std::string glob_of(std::string_view regex) {
  std::string glob;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const char c = regex[i];
    if (c == '^' || c == '(' || c == ')') continue;
    if (c == '\\' && i + 1 < regex.size()) {
      const char escaped = regex[++i];
      glob += escaped == 'd' || escaped == 'w' ? '?' : escaped;
    } else if (c == '[') {
      const std::size_t end = regex.find(']', i);
      i = end == std::string_view::npos ? regex.size() : end;
      glob += '?';
    } else if (c == '.') {
      glob += '?';
    } else if ((c == '*' || c == '+') && !glob.empty()) {
      glob.back() = '*';
    } else {
      glob += c;
    }
  }
  return glob;
}

/// (gate|up|down) becomes three patterns.
std::vector<std::string> alternatives(std::string_view regex) {
  constexpr std::size_t kMost = 64;
  std::vector<std::string> open{std::string(regex)};
  std::vector<std::string> done;
  while (!open.empty() && open.size() + done.size() < kMost) {
    const std::string each = open.back();
    open.pop_back();
    const std::size_t bar = each.find('|');
    const std::size_t begin = bar == std::string::npos ? bar : each.rfind('(', bar);
    const std::size_t end = bar == std::string::npos ? bar : each.find(')', bar);
    if (begin == std::string::npos || end == std::string::npos) {
      done.push_back(each);
      continue;
    }
    std::string_view inner(each);
    inner = inner.substr(begin + 1, end - begin - 1);
    while (true) {
      const std::size_t next = inner.find('|');
      open.push_back(each.substr(0, begin) + std::string(inner.substr(0, next)) +
                     each.substr(end + 1));
      if (next == std::string_view::npos) break;
      inner.remove_prefix(next + 1);
    }
  }
  return done;
}

bool matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && (glob[g] == text[t] || glob[g] == '?')) {
      ++g;
      ++t;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

/// The part of a name that does not depend on how the model is wrapped.
std::string_view unwrapped(std::string_view name) {
  for (const std::string_view prefix : {"model.language_model.", "language_model.model.",
                                        "language_model.", "model.", "backbone.", "transformer."}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name;
}

}  // namespace

void add_globs(std::string_view pattern, std::vector<std::string>& globs) {
  constexpr std::string_view kRegex = "re:";
  if (pattern.starts_with('!')) {
    std::vector<std::string> kept;
    add_globs(pattern.substr(1), kept);
    for (const std::string& each : kept) globs.push_back("!" + each);
    return;
  }
  if (!pattern.starts_with(kRegex)) {
    globs.push_back(fmt::format("*.{}.*", unwrapped(pattern)));
    return;
  }
  for (const std::string& each : alternatives(pattern.substr(kRegex.size()))) {
    const bool to_end = each.ends_with('$');
    const std::string glob = glob_of(std::string_view(each).substr(0, each.size() - to_end));
    const bool anywhere = glob.starts_with('*');
    globs.push_back(
        fmt::format("{}{}{}", anywhere ? "" : ".", unwrapped(glob), to_end ? "." : "*"));
  }
}

bool is_ignored(const Quantization& quantization, std::string_view path) {
  const std::string text = fmt::format(".{}.", path);
  bool has_targets = false;
  bool is_target = false;
  for (const std::string_view glob : quantization.ignored) {
    if (!glob.starts_with('!')) {
      if (matches(glob, text)) return true;
      continue;
    }
    has_targets = true;
    is_target = is_target || matches(glob.substr(1), text);
  }
  return has_targets && !is_target;
}

}  // namespace ridgepoint::model
