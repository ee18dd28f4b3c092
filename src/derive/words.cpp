// SPDX-License-Identifier: Apache-2.0
#include "derive/words.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using Entry = cost::Entry<Expr>;

constexpr std::string_view kDot = "·";

std::string tensor_words(const Entry& tensor) {
  return fmt::format("{} ({})", tensor.what, shape_words(tensor.shape));
}

const Entry* find_tensor(std::string_view name, const std::vector<Entry>& ledger) {
  for (const Entry& entry : ledger) {
    if (entry.action != cost::Action::compute && entry.what == name) return &entry;
  }
  return nullptr;
}

/// "Y = X (B×D) @ W (D×F)" for a product of two tensors that the ledger knows.
std::optional<std::string> product_words(std::string_view what, const std::vector<Entry>& ledger) {
  const std::size_t equals = what.find(" = ");
  const std::size_t dot = what.find(kDot);
  if (equals == what.npos || dot == what.npos || dot < equals) return std::nullopt;
  const Entry* left = find_tensor(what.substr(equals + 3, dot - equals - 3), ledger);
  const Entry* right = find_tensor(what.substr(dot + kDot.size()), ledger);
  if (left == nullptr || right == nullptr) return std::nullopt;
  return fmt::format("{} = {} @ {}", what.substr(0, equals), tensor_words(*left),
                     tensor_words(*right));
}

}  // namespace

std::string shape_words(const std::vector<Expr>& shape) {
  std::string words;
  for (const Expr& extent : shape) {
    if (extent == Expr(1)) continue;
    const std::string text = to_text(extent);
    const bool is_sum = text.find(' ') != text.npos;
    if (!words.empty()) words += "×";
    words += is_sum ? fmt::format("({})", text) : text;
  }
  return words.empty() ? "1" : words;
}

std::string step_words(const Entry& entry, const std::vector<Entry>& ledger) {
  switch (entry.action) {
    case cost::Action::read:
      return fmt::format("Read {} from HBM", tensor_words(entry));
    case cost::Action::write:
      return fmt::format("Write {} to HBM", tensor_words(entry));
    case cost::Action::compute:
      break;
  }
  return fmt::format("Compute {}",
                     product_words(entry.what, ledger).value_or(std::string(entry.what)));
}

std::string path_words(const symbolic::Path& path) {
  std::string words;
  for (const auto& [name, value] : path.along) {
    words += fmt::format("{} = {}, ", name, to_text(value));
  }
  return words +
         fmt::format("{} -> {}", path.variable, path.to_infinity ? "oo" : to_text(path.target));
}

std::string relation_words(const Expr& left, symbolic::Relation relation, const Expr& right) {
  return fmt::format("{} {} {}", to_text(left), symbolic::to_text(relation), to_text(right));
}

std::string quotient_words(const DeviceFacts& device) {
  return fmt::format("{} TFLOP/s ÷ {} TB/s", format_exact(device.peak.value() / 1e12),
                     format_exact(device.bandwidth.value() / 1e12));
}

}  // namespace ridgepoint::derive
