// SPDX-License-Identifier: Apache-2.0
#include "efficiency/read_correction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "efficiency/read_fields.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

using json::Kind;
using json::Reader;
using json::Value;

constexpr std::int64_t kMost = 1000;

/// Not below 0 and of a size that nothing overflows by.
std::optional<std::size_t> small_integer(const Value& value) {
  if (value.kind != Kind::number || !value.integer) return std::nullopt;
  if (*value.integer < 0 || *value.integer > kMost) return std::nullopt;
  return static_cast<std::size_t>(*value.integer);
}

void fault_no_small_integer(Reader& reader, const char* key, const Value& value) {
  reader.fault(
      key,
      fmt::format("expected a whole number from 0 to {}, got {}", kMost, json::describe(value)),
      kFitAgain);
}

/// The items of a list; null where there is none.
const std::vector<Value>* list_at(Reader& reader, const char* key, const Value* value) {
  if (value == nullptr) return nullptr;
  if (value->kind == Kind::list) return &value->items;
  reader.fault(key, fmt::format("expected a list, got {}", json::describe(*value)), kFitAgain);
  return nullptr;
}

std::vector<std::size_t> read_small_integers(Reader& reader, const char* key) {
  std::vector<std::size_t> result;
  const auto* items = list_at(reader, key, reader.optional_any(key));
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const auto number = small_integer((*items)[i]);
    if (!number) fault_no_small_integer(reader, key, (*items)[i]);
    result.push_back(number.value_or(0));
  }
  return result;
}

/// Up to the first that is none.
std::vector<double> read_values(Reader& reader) {
  std::vector<double> result;
  const auto* items = list_at(reader, "values", reader.any("values"));
  if (items == nullptr) return result;
  result.reserve(items->size());
  for (const Value& each : *items) {
    const bool is_good = each.kind == Kind::number && std::isfinite(each.number);
    if (!is_good || !is_logarithm(each.number)) {
      reader.fault("values",
                   fmt::format("{} is no logarithm of a ratio of times", json::describe(each)),
                   kFitAgain);
      break;
    }
    result.push_back(each.number);
  }
  return result;
}

std::vector<Axis> read_axes(Reader& reader, Diagnostics& faults) {
  std::vector<Axis> axes;
  read_objects(reader, "axes", Presence::required, faults, [&](Reader& each) {
    Axis axis{read_number(each, "first").value_or(0), read_number(each, "step").value_or(1),
              static_cast<std::size_t>(each.size("knots", kMost).value_or(1))};
    if (!(axis.step > 0)) each.fault("step", "is not above 0", kFitAgain);
    each.refuse_unknown_keys();
    axes.push_back(axis);
  });
  return axes;
}

/// Any one of the class.
Shape shape_of(OperatorClass kind) {
  switch (kind) {
    case OperatorClass::gemm:
      return GemmShape{};
    case OperatorClass::prefill_attention:
    case OperatorClass::decode_attention:
      return AttentionShape{};
    case OperatorClass::latent_prefill:
    case OperatorClass::latent_decode:
      return LatentAttentionShape{};
    case OperatorClass::experts:
      return ExpertsShape{};
    case OperatorClass::collective:
      return CollectiveShape{};
    case OperatorClass::elementwise:
      break;
  }
  return ElementwiseShape{};
}

/// What is wrong with a table as a whole.
std::optional<std::string> fault_of(const Correction& table, OperatorClass kind) {
  const std::size_t features = form(kind).features(shape_of(kind)).size();
  if (table.axes.empty() || table.axes.size() > kMostAxes) {
    return fmt::format("{} axes, not 1 to {}", table.axes.size(), kMostAxes);
  }
  if (!table.features.empty() && table.features.size() != table.axes.size()) {
    return fmt::format("{} features for {} axes", table.features.size(), table.axes.size());
  }
  for (std::size_t i = 0; i < table.axes.size(); ++i) {
    const std::size_t feature = table.features.empty() ? i : table.features[i];
    if (feature >= features) return fmt::format("feature {} of {}", feature, features);
  }
  if (table.factor && *table.factor >= form(kind).factor_count) {
    return fmt::format("factor {} of {}", *table.factor, form(kind).factor_count);
  }
  const std::size_t size = table.knots() * std::max<std::size_t>(1, table.algorithms.size());
  if (table.values.size() == size) return std::nullopt;
  return fmt::format("{} values for {} knots", table.values.size(), size);
}

}  // namespace

Correction read_correction(Reader& reader, OperatorClass kind, Diagnostics& faults) {
  const std::size_t before = faults.size();
  Correction table;
  table.axes = read_axes(reader, faults);
  table.values = read_values(reader);
  table.features = read_small_integers(reader, "features");
  if (const Value* factor = reader.optional_any("factor")) {
    table.factor = small_integer(*factor);
    if (!table.factor) fault_no_small_integer(reader, "factor", *factor);
  }
  for (const std::size_t each : read_small_integers(reader, "algorithms")) {
    table.algorithms.push_back(static_cast<int>(each));
  }
  reader.refuse_unknown_keys();
  if (faults.size() != before) return table;
  if (const auto wrong = fault_of(table, kind)) reader.fault("", *wrong, kFitAgain);
  return table;
}

}  // namespace ridgepoint::efficiency
