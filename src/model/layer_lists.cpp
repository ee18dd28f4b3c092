// SPDX-License-Identifier: Apache-2.0
#include "model/layer_lists.hpp"

#include <algorithm>

#include "model/config.hpp"

namespace ridgepoint::model {
namespace {

using json::Kind;
using json::Value;

bool is_equal(const Value& a, const Value& b) {
  return a.kind == b.kind && a.text == b.text && a.integer == b.integer && a.boolean == b.boolean;
}
bool is_equal(char a, char b) { return a == b; }

/// The smallest step after which the entries repeat; all of them when they do not.
template <class List>
std::size_t period(const List& entries) {
  for (std::size_t step = 1; step < entries.size(); ++step) {
    bool repeats = true;
    for (std::size_t i = step; i < entries.size() && repeats; ++i) {
      repeats = is_equal(entries[i], entries[i - step]);
    }
    if (repeats) return step;
  }
  return std::max<std::size_t>(1, entries.size());
}

template <class List>
void fit(List& entries, std::size_t layers) {
  const std::size_t step = period(entries);
  if (entries.size() >= layers) {
    entries.resize(layers);
    return;
  }
  entries.reserve(layers);
  while (entries.size() < layers)
    entries.push_back(typename List::value_type(entries[entries.size() % step]));
}

}  // namespace

void fit_layer_lists(const Overrides& overrides, std::int64_t before, Value& object) {
  const bool is_set = std::any_of(overrides.begin(), overrides.end(), [](const Override& change) {
    return change.key == "num_hidden_layers";
  });
  const Value* after = object.find("num_hidden_layers");
  if (!is_set || before <= 0 || after == nullptr) return;
  const std::int64_t layers = after->integer.value_or(0);
  if (layers <= 0 || layers > kMostLayers || layers == before) return;
  for (Value& value : object.items) {
    if (value.kind == Kind::list && value.items.size() == static_cast<std::size_t>(before)) {
      fit(value.items, static_cast<std::size_t>(layers));
    }
    if (value.kind == Kind::string && value.text.size() == static_cast<std::size_t>(before)) {
      fit(value.text, static_cast<std::size_t>(layers));
    }
  }
}

}  // namespace ridgepoint::model
