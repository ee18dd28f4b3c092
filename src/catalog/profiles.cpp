// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/profiles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/embedded.hpp"
#include "ridgepoint/core/file.hpp"

namespace ridgepoint::catalog {

std::vector<std::string> profiled_devices() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_profiles()) names.emplace_back(file.name);
  return names;
}

std::vector<std::string> devices_measured_in(
    const std::vector<efficiency::OperatorClass>& classes) {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_profiles()) {
    const bool has_one = std::any_of(classes.begin(), classes.end(), [&](const auto kind) {
      return file.text.find(fmt::format("\"{}\"", efficiency::name(kind))) !=
             std::string_view::npos;
    });
    if (has_one) names.emplace_back(file.name);
  }
  return names;
}

Result<std::optional<efficiency::Profile>> find_profile(std::string_view device) {
  const auto files = embedded_profiles();
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const EmbeddedFile& file) { return file.name == device; });
  if (at == files.end()) return std::optional<efficiency::Profile>();
  auto profile = efficiency::read_profile(at->text, fmt::format("profiles/{}.json", at->name));
  if (!profile) return fail(profile.error());
  return std::optional(std::move(*profile));
}

Result<efficiency::Profile> read_profile_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return fail(text.error());
  return efficiency::read_profile(*text, path);
}

}  // namespace ridgepoint::catalog
