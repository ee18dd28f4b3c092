// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/calibrations.hpp"

#include <utility>
#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::catalog {
namespace {

using efficiency::Calibration;
using efficiency::Profile;

struct Measured {
  hardware::Device device;
  Profile profile;
};

Result<std::vector<Measured>> read_all() {
  std::vector<Measured> all;
  for (const std::string& name : profiled_devices()) {
    auto device = find_device(name);
    if (!device) return fail(device.error());
    auto profile = find_profile(name);
    if (!profile) return fail(profile.error());
    if (*profile) all.push_back({std::move(*device), std::move(**profile)});
  }
  return all;
}

Result<std::shared_ptr<const Calibration>> with_relatives(const hardware::Device& device,
                                                          Profile own) {
  auto transfer = transfer_to(device);
  if (!transfer) return fail(transfer.error());
  auto calibration =
      std::make_shared<const Calibration>(std::move(own), std::move(transfer->profile));
  if (calibration->is_empty()) calibration.reset();
  return calibration;
}

}  // namespace

Result<efficiency::Transfer> transfer_to(const hardware::Device& device) {
  static const Result<std::vector<Measured>> all = read_all();
  if (!all) return fail(all.error());
  std::vector<efficiency::Relative> relatives;
  relatives.reserve(all->size());
  for (const Measured& each : *all) relatives.push_back({&each.device, &each.profile});
  return efficiency::transferred_profile(device, relatives);
}

Result<std::shared_ptr<const Calibration>> calibration_of(const hardware::Device& device,
                                                          std::optional<Profile> own) {
  if (!own) {
    auto known = find_profile(device.name);
    if (!known) return fail(known.error());
    own = std::move(*known);
  }
  return with_relatives(device, std::move(own).value_or(Profile{}));
}

Result<std::shared_ptr<const Calibration>> calibration_from_relatives(
    const hardware::Device& device) {
  return with_relatives(device, {});
}

}  // namespace ridgepoint::catalog
