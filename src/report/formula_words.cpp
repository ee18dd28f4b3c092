// SPDX-License-Identifier: Apache-2.0
#include "report/formula_words.hpp"

#include <fmt/format.h>

#include "report/roofline_words.hpp"

namespace ridgepoint::report {
namespace {

using symbolic::Expr;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<LetterMeaning> letter_meanings(const predict::Analysis& analysis) {
  std::vector<LetterMeaning> meanings{
      {"B", fmt::format("{}", analysis.workload.batch), "batch: sequences in the step"},
      {"S", fmt::format("{}", analysis.workload.context), "context length in tokens"}};
  if (has_mixed_step(analysis)) {
    const predict::PromptChunk& chunk = analysis.workload.chunk;
    meanings.push_back({"T", fmt::format("{}", chunk.tokens), "new tokens of a prompt"});
    meanings.push_back({"S_p", fmt::format("{}", chunk.context), "its context with them"});
  }
  for (const predict::Letter& letter : analysis.letters) {
    meanings.push_back({letter.symbol, fmt::format("{}", letter.value), letter.meaning});
  }
  return meanings;
}

Letters letters(const predict::Analysis& analysis) {
  Letters result;
  for (const LetterMeaning& row : letter_meanings(analysis)) result[row.letter] = row.number;
  return result;
}

std::string with_numbers(std::string_view formula, const Letters& letters) {
  std::string out;
  for (std::size_t i = 0; i < formula.size();) {
    std::size_t end = i + 1;
    if (is_letter(formula[i])) {
      while (end < formula.size() &&
             (is_letter(formula[end]) || is_digit(formula[end]) || formula[end] == '_')) {
        ++end;
      }
      const auto row = letters.find(formula.substr(i, end - i));
      out += row == letters.end() ? std::string(formula.substr(i, end - i)) : row->second;
    } else {
      out += formula[i] == '*' ? "·" : std::string(1, formula[i]);
    }
    i = end;
  }
  return out;
}

std::string entry_words(const cost::Entry<Expr>& entry) {
  if (entry.action == cost::Action::compute) return fmt::format("compute {}", entry.what);
  const std::string_view action = entry.action == cost::Action::read ? "read" : "write";
  if (entry.shape.empty()) return fmt::format("{} {}", action, entry.what);
  std::string shape;
  for (const Expr& extent : entry.shape) {
    const std::string text = to_text(extent);
    const bool is_sum = text.find_first_of("+-/") != std::string::npos;
    shape += (shape.empty() ? "" : "×") + (is_sum ? "(" + text + ")" : text);
  }
  return fmt::format("{} {} [{}]", action, entry.what, shape);
}

Expr amount(const cost::Entry<Expr>& entry) {
  return entry.action == cost::Action::compute ? entry.flops : entry.bytes;
}

std::string_view amount_unit(const cost::Entry<Expr>& entry) {
  return entry.action == cost::Action::compute ? "FLOP" : "B";
}

std::string_view kind_words(const cost::Entry<Expr>& entry) {
  if (entry.action == cost::Action::compute) return "";
  switch (entry.kind) {
    case cost::Kind::weights:
      return "weights";
    case cost::Kind::activations:
      return "activations";
    case cost::Kind::kv_cache:
      return "KV cache";
    case cost::Kind::state:
      return "state";
    case cost::Kind::extra_weights:
      return "weights, expected";
    case cost::Kind::network:
      return "network";
  }
  return "";
}

std::string_view action_key(cost::Action action) {
  switch (action) {
    case cost::Action::read:
      return "read";
    case cost::Action::compute:
      return "compute";
    case cost::Action::write:
      return "write";
  }
  return "";
}

std::string_view kind_key(const cost::Entry<Expr>& entry) {
  if (entry.action == cost::Action::compute) return "flops";
  return entry.kind == cost::Kind::kv_cache ? "kv_cache" : kind_words(entry);
}

bool is_nothing(const predict::FormulaLine& line) { return line.value == Count(0); }

}  // namespace ridgepoint::report
