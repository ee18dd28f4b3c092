// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::catalog {

/// A device by its catalogue name or an alias (case and punctuation forgiven: "H100 SXM"), or the
/// path of a device file. An unknown name gets the nearest ones. `where` names the option for
/// diagnostics.
Result<hardware::Device> find_device(std::string_view name_or_path, const Overrides& overrides = {},
                                     std::string_view where = "--device");

/// A model by its catalogue name or an alias ("meta-llama/Llama-2-13b-hf"), or the path of a
/// config.json, or of the folder that holds one.
Result<model::Architecture> find_model(std::string_view name_or_path,
                                       const Overrides& overrides = {},
                                       std::string_view where = "MODEL");

/// A model as the catalogue holds it.
struct ModelEntry {
  std::string name;                  ///< "llama-2-13b"
  std::string title;                 ///< "Llama 2 13B"
  std::vector<std::string> aliases;  ///< hub ids first
  std::string source;                ///< where its facts were read
  model::Architecture architecture;
};

std::vector<std::string> device_names();  ///< in alphabetical order
std::vector<std::string> model_names();   ///< in alphabetical order

/// Everything, in the order of the names; the tests prove that the embedded files are sound.
std::vector<hardware::Device> devices();
std::vector<ModelEntry> models();

/// By name or alias, from the catalogue alone.
Result<ModelEntry> find_model_entry(std::string_view name, std::string_view where = "MODEL");

}  // namespace ridgepoint::catalog
