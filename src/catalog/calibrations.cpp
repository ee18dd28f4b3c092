// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/calibrations.hpp"

#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"
#include "ridgepoint/efficiency/transfer.hpp"

namespace ridgepoint::catalog {

using efficiency::Calibration;

namespace {

/// Kernels of all other measured devices, as the device would run them.
Result<efficiency::Transfer> transfer_to(const hardware::Device& device) {
  std::vector<hardware::Device> devices;
  std::vector<efficiency::Profile> profiles;
  for (const std::string& name : profiled_devices()) {
    if (name == device.name) continue;
    auto found = find_device(name);
    auto profile = find_profile(name);
    if (!found) return fail(found.error());
    if (!profile) return fail(profile.error());
    devices.push_back(std::move(*found));
    profiles.push_back(std::move(**profile));
  }
  std::vector<efficiency::Relative> relatives;
  for (std::size_t i = 0; i < devices.size(); ++i) relatives.push_back({&devices[i], &profiles[i]});
  return efficiency::transferred_profile(device, relatives);
}

}  // namespace

Result<std::shared_ptr<const Calibration>> calibration_of(const hardware::Device& device,
                                                          std::optional<efficiency::Profile> own) {
  if (!own) {
    auto known = find_profile(device.name);
    if (!known) return fail(known.error());
    own = std::move(*known);
  }
  auto transfer = transfer_to(device);
  if (!transfer) return fail(transfer.error());
  auto calibration = std::make_shared<const Calibration>(
      std::move(own).value_or(efficiency::Profile{}), std::move(transfer->profile));
  if (calibration->is_empty()) calibration.reset();
  return calibration;
}

}  // namespace ridgepoint::catalog
