// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::catalog {

/// The catalogue's names of the devices that it has a profile of, in alphabetical order.
std::vector<std::string> profiled_devices();

/// Of these the ones whose profiles may have kernels of one of the classes at least: read without
/// their numbers, which takes a hundredth of the time.
std::vector<std::string> devices_measured_in(const std::vector<efficiency::OperatorClass>& classes);

/// The profile of a device by the name that its file gives (`hardware::Device::name`), read when it
/// is asked for; nothing where the catalogue has none. The tests prove that what is embedded is
/// sound: an error is one of the program.
Result<std::optional<efficiency::Profile>> find_profile(std::string_view device);

/// A profile in a file of the user's own, as `--profile FILE` names it.
Result<efficiency::Profile> read_profile_file(const std::string& path);

}  // namespace ridgepoint::catalog
