// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::report {

/// The numbers that stand behind the letters of a formula: B, S, D, F, N, K, H, L, V, W.
using Letters = std::map<std::string, std::string, std::less<>>;
Letters letters(const predict::Analysis& analysis);

/// "2*B*D*F" → "2·1·5120·13824": the letters of a formula's text form replaced by their numbers,
/// which are written with a dot between factors.
std::string with_numbers(std::string_view formula, const Letters& letters);

/// "D = 5120 hidden_size", one for each letter in use.
struct LetterMeaning {
  std::string letter;
  std::string number;
  std::string meaning;
};
std::vector<LetterMeaning> letter_meanings(const predict::Analysis& analysis);

/// "read X [B×S×D]", "compute Y = X·W", "write Y [B×S×F]"
std::string entry_words(const cost::Entry<symbolic::Expr>& entry);
/// The FLOPs or bytes of an entry in letters.
symbolic::Expr amount(const cost::Entry<symbolic::Expr>& entry);
std::string_view amount_unit(const cost::Entry<symbolic::Expr>& entry);  ///< "FLOP" or "B"
/// "weights", "activations", "KV cache", or "" for a computation.
std::string_view kind_words(const cost::Entry<symbolic::Expr>& entry);

/// As JSON names them: "read", "compute", "write"; "weights", "activations", "kv_cache", "flops".
std::string_view action_key(cost::Action action);
std::string_view kind_key(const cost::Entry<symbolic::Expr>& entry);

/// An entry that neither computes nor moves anything: the bias of a layer without one.
bool is_nothing(const predict::FormulaLine& line);

}  // namespace ridgepoint::report
