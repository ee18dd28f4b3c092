// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_options.hpp"

#include <fmt/format.h>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kEngines = "vllm|sglang|trtllm";

bool names(const efficiency::Profile& profile, const hardware::Device& device) {
  if (profile.device == device.name) return true;
  const auto named = catalog::find_device(profile.device);
  return named && named->name == device.name;
}

}  // namespace

const std::vector<Option>& calibration_options() {
  static const std::vector<Option> options{
      {"--engine", kEngines, "whose kernels and graphs expected times are of", "vllm"},
      {"--enforce-eager", "", "no CUDA graphs: the host launches every kernel", ""},
      {"--profile", "FILE", "made by calibrate, in place of the device's own; may be repeated", "",
       true}};
  return options;
}

predict::Engine read_engine(const Arguments& arguments, Faults& faults) {
  predict::Engine engine;
  const std::string named = read_choice(arguments, "--engine", kEngines, faults);
  engine.kind = predict::engine_named(named).value_or(engine.kind);
  engine.has_graphs = !arguments.has("--enforce-eager");
  return engine;
}

void read_calibration_into(const Arguments& arguments, const hardware::Device& device,
                           predict::Execution& execution, Faults& faults, ForeignProfiles foreign) {
  execution.engine = read_engine(arguments, faults);
  execution.calibration = read_calibration(arguments, device, faults, foreign);
}

std::shared_ptr<const efficiency::Calibration> read_calibration(const Arguments& arguments,
                                                                const hardware::Device& device,
                                                                Faults& faults,
                                                                ForeignProfiles foreign) {
  std::optional<efficiency::Profile> own;
  for (const std::string& path : arguments.values("--profile")) {
    auto profile = faults.take(catalog::read_profile_file(path));
    if (!profile) continue;
    if (names(*profile, device)) {
      own = std::move(*profile);
    } else if (foreign == ForeignProfiles::refused) {
      faults.add("--profile",
                 fmt::format("{} is of {}, not of {}", path, profile->device, device.name),
                 fmt::format("fit one of it: ridgepoint calibrate FILES -d {}", device.name));
    }
  }
  const auto calibration = faults.take(catalog::calibration_of(device, std::move(own)));
  return calibration.value_or(nullptr);
}

}  // namespace ridgepoint::app
