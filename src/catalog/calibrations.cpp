// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/calibrations.hpp"

#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::catalog {

using efficiency::Calibration;

Result<std::shared_ptr<const Calibration>> calibration_of(const hardware::Device& device,
                                                          std::optional<efficiency::Profile> own) {
  if (!own) {
    auto known = find_profile(device.name);
    if (!known) return fail(known.error());
    own = std::move(*known);
  }
  auto calibration = std::make_shared<const Calibration>(
      std::move(own).value_or(efficiency::Profile{}), efficiency::Profile{});
  if (calibration->is_empty()) calibration.reset();
  return calibration;
}

}  // namespace ridgepoint::catalog
