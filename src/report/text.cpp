// SPDX-License-Identifier: Apache-2.0
#include "report/text.hpp"

#include <fmt/format.h>

#include "report/utf8.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

std::string_view ansi_code(Tone tone) {
  switch (tone) {
    case Tone::faint:
      return "2";
    case Tone::memory_bound:
      return "32";
    case Tone::compute_bound:
      return "35";
    case Tone::warning:
      return "1;31";
    case Tone::plain:
      break;
  }
  return "";
}

std::string in_ansi(std::string_view text, std::string_view code, const Terminal& terminal) {
  if (!terminal.colour || code.empty() || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string spelled(std::string_view text, const Terminal& terminal) {
  const std::string cleaned = clean(text);
  return terminal.charset == Charset::utf8 ? cleaned : to_ascii(cleaned);
}

std::string coloured(std::string_view text, Tone tone, const Terminal& terminal) {
  return in_ansi(text, ansi_code(tone), terminal);
}

std::string bold(std::string_view text, const Terminal& terminal) {
  return in_ansi(text, "1", terminal);
}

std::string wrapped(std::string_view text, const Terminal& terminal, std::size_t indent) {
  const std::string words = spelled(text, terminal) + " ";
  const auto limit = static_cast<std::size_t>(terminal.width);
  std::string out;
  std::size_t used = 0;
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t to = words.find(' ', from);
    const std::string word = words.substr(from, to - from);
    const std::size_t width = display_width(word);
    from = to + 1;
    if (used > 0 && limit > 0 && used + 1 + width > limit) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += width;
  }
  return out + '\n';
}

std::string listed(std::string_view heading, const std::vector<std::string>& sentences,
                   const Terminal& terminal) {
  if (sentences.empty()) return {};
  std::string out = bold(spelled(heading, terminal), terminal) + "\n";
  for (const std::string& sentence : sentences) out += wrapped("- " + sentence, terminal, 2);
  return out;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*<>|[]#~";
  const std::string words = clean(text);
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool inside_word = i > 0 && i + 1 < words.size() && is_alphanumeric(words[i - 1]) &&
                             is_alphanumeric(words[i + 1]);
    const bool special =
        kSpecial.find(words[i]) != std::string_view::npos || (words[i] == '_' && !inside_word);
    if (words[i] == '&') {
      result += "&amp;";
      continue;
    }
    if (special) result += '\\';
    result += words[i];
  }
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " and " : ", ";
    result += words[i];
  }
  return result;
}

std::string exact(const Count& count) {
  const auto integer = count.to_integer();
  return integer ? fmt::format("{}", *integer) : format_exact(count.to_double());
}

}  // namespace ridgepoint::report
