// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::app {

/// A change of a deployment, as words of the command line.
struct Variation {
  std::string name;
  std::vector<std::string> words;
  /// Why the change means nothing for this model; empty when it does.
  std::string not_applicable = {};
};

/// The ways in which a model is made cheaper to serve, with sizes for this one: quantised KV cache
/// and weights, fewer key/value heads, a cache shared by layers, local attention on some layers,
/// fewer layers, a narrower MLP.
std::vector<Variation> shortcuts(const model::Architecture& architecture);

}  // namespace ridgepoint::app
