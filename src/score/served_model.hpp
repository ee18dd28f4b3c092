// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/engine.hpp"

namespace ridgepoint::score {

/// A model as a run served it.
struct ServedModel {
  model::Architecture architecture;  ///< with the storage that its precision means
  predict::Precision precision;
  std::string assumption;  ///< what its precision was taken to mean; may be empty
};

/// Types of weights, activations and cache that one word of a table stands for; that of a model
/// whose precision is not known is as its checkpoint stores it. Errors: a word that means none.
Result<ServedModel> served_model(model::Architecture architecture, std::string_view precision);

/// A model that tables name otherwise than the catalogue.
struct ModelAlias {
  std::string_view name;       ///< as tables have it, without the organisation
  std::string_view catalogue;  ///< of the same sizes
  std::string_view because;
};
/// Compared as `normalized` does; none for a name that the catalogue should know.
const ModelAlias* model_alias(std::string_view name);

/// Under what a catalogue may know a model, the name itself first: without the organisation,
/// without what an answer-tuned or quantised checkpoint adds.
std::vector<std::string> catalogue_names(std::string_view name);

/// What runs under a framework.
struct ServedEngine {
  predict::Engine engine;
  std::string_view assumption;  ///< what it was taken to be; may be empty
};
/// vLLM's kernels and graphs where the framework is none that is known.
ServedEngine served_engine(std::string_view framework);

}  // namespace ridgepoint::score
