// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `devices`: one line for each device.
std::string to_text(const std::vector<hardware::Device>& devices, const Terminal& terminal = {});
std::string to_json(const std::vector<hardware::Device>& devices);
std::string to_csv(const std::vector<hardware::Device>& devices);
std::string to_markdown(const std::vector<hardware::Device>& devices);

/// The documents of `devices NAME`: every figure with its source, one to a line in CSV.
std::string to_text(const hardware::Device& device, const Terminal& terminal = {});
std::string to_json(const hardware::Device& device);
std::string to_csv(const hardware::Device& device);
std::string to_markdown(const hardware::Device& device);

/// A model with what follows from its facts.
struct ModelSheet {
  catalog::ModelEntry entry;
  std::int64_t total_parameters = 0;
  std::int64_t active_parameters = 0;  ///< what one token uses
  std::int64_t layers = 0;
  std::vector<model::ParameterEntry> parameters;
  Count weight_bytes;                      ///< as stored, quantised or not
  Count kv_bytes_per_token;                ///< of a sequence shorter than every window, in bf16
  Count kv_bytes_per_token_beyond_window;  ///< once every window is full
  std::vector<model::KvWindow> windows;
  Count state_bytes_per_sequence;  ///< of recurrent layers
};

/// An error when the model has 2^63 parameters or more.
Result<ModelSheet> model_sheet(const catalog::ModelEntry& entry);
/// Of the whole catalogue, whose models are sound.
std::vector<ModelSheet> model_sheets(const std::vector<catalog::ModelEntry>& entries);

/// The documents of `models`: one line for each model.
std::string to_text(const std::vector<ModelSheet>& models, const Terminal& terminal = {});
std::string to_json(const std::vector<ModelSheet>& models);
std::string to_csv(const std::vector<ModelSheet>& models);
std::string to_markdown(const std::vector<ModelSheet>& models);

/// The documents of `models NAME`: all its facts.
std::string to_text(const ModelSheet& model, const Terminal& terminal = {});
std::string to_json(const ModelSheet& model);
std::string to_csv(const ModelSheet& model);
std::string to_markdown(const ModelSheet& model);

}  // namespace ridgepoint::report
