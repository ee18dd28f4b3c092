// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/calibrations.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::catalog {
namespace {

using efficiency::Calibration;
using efficiency::OperatorClass;
using efficiency::Profile;

struct Measured {
  hardware::Device device;
  Profile profile;
};

Result<Measured> read_measured(const std::string& name) {
  auto device = find_device(name);
  if (!device) return fail(device.error());
  auto profile = find_profile(name);
  if (!profile) return fail(profile.error());
  return Measured{std::move(*device), std::move(*profile).value_or(Profile{})};
}

/// Each profile is read once.
const Result<Measured>& measured(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, Result<Measured>> known;
  const std::lock_guard lock(mutex);
  const auto at = known.find(name);
  return at != known.end() ? at->second : known.emplace(name, read_measured(name)).first->second;
}

std::vector<OperatorClass> missing_classes(const Profile& own) {
  std::vector<OperatorClass> missing;
  for (const OperatorClass kind : efficiency::kOperatorClasses) {
    const bool has_it = std::any_of(own.kernels.begin(), own.kernels.end(),
                                    [&](const auto& kernel) { return kernel.kind == kind; });
    if (!has_it) missing.push_back(kind);
  }
  return missing;
}

Result<efficiency::Transfer> transfer_from(const std::vector<std::string>& names,
                                           const hardware::Device& device) {
  std::vector<efficiency::Relative> relatives;
  relatives.reserve(names.size());
  for (const std::string& name : names) {
    const Result<Measured>& each = measured(name);
    if (!each) return fail(each.error());
    relatives.push_back({&each->device, &each->profile});
  }
  return efficiency::transferred_profile(device, relatives);
}

/// Relatives are asked for classes of kernels that the device has none of.
Result<std::shared_ptr<const Calibration>> with_relatives(const hardware::Device& device,
                                                          Profile own) {
  auto transfer = transfer_from(devices_measured_in(missing_classes(own)), device);
  if (!transfer) return fail(transfer.error());
  auto calibration =
      std::make_shared<const Calibration>(std::move(own), std::move(transfer->profile));
  if (calibration->is_empty()) calibration.reset();
  return calibration;
}

}  // namespace

Result<efficiency::Transfer> transfer_to(const hardware::Device& device) {
  return transfer_from(profiled_devices(), device);
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
