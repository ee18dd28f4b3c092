// SPDX-License-Identifier: Apache-2.0
#include "catalog/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::catalog {
namespace {

std::vector<std::string> aliases(const Shelf& shelf, const EmbeddedFile& file) {
  const Result<json::Value> root = json::parse(file.text, file.name);
  const json::Value* list = root ? root->find(shelf.aliases_key) : nullptr;
  std::vector<std::string> result;
  if (list == nullptr) return result;
  for (const json::Value& alias : list->items) result.push_back(alias.text);
  return result;
}

/// The files whose name or alias is near, the nearest first.
std::vector<std::string> nearest_files(const Shelf& shelf, std::string_view name) {
  std::map<std::string, std::string> owners;  // of every name and alias
  std::vector<std::string> known;
  for (const EmbeddedFile& file : shelf.files) {
    std::vector<std::string> called = aliases(shelf, file);
    called.emplace_back(file.name);
    for (std::string& each : called) {
      owners.emplace(each, file.name);
      known.push_back(std::move(each));
    }
  }
  constexpr std::size_t kMost = 5;
  std::vector<std::string> result;
  for (const std::string& near : nearest_names(name, known, known.size())) {
    const std::string& owner = owners.at(near);
    const bool is_new = std::find(result.begin(), result.end(), owner) == result.end();
    if (is_new && result.size() < kMost) result.push_back(owner);
  }
  return result;
}

}  // namespace

const Shelf& device_shelf() {
  static const Shelf shelf{embedded_devices(), "aliases", "device", "devices", "a device file"};
  return shelf;
}

const Shelf& model_shelf() {
  static const Shelf shelf{embedded_models(), "_aliases", "model", "models",
                           "a config.json or of its folder"};
  return shelf;
}

const EmbeddedFile* find(const Shelf& shelf, std::string_view name) {
  const std::string wanted = normalized(name);
  if (wanted.empty()) return nullptr;
  for (const EmbeddedFile& file : shelf.files) {
    if (normalized(file.name) == wanted) return &file;
  }
  for (const EmbeddedFile& file : shelf.files) {
    const std::vector<std::string> known = aliases(shelf, file);
    const bool matches = std::any_of(known.begin(), known.end(), [&](const std::string& alias) {
      return normalized(alias) == wanted;
    });
    if (matches) return &file;
  }
  return nullptr;
}

std::vector<std::string> names(const Shelf& shelf) {
  std::vector<std::string> result;
  for (const EmbeddedFile& file : shelf.files) result.emplace_back(file.name);
  return result;
}

Diagnostics unknown(const Shelf& shelf, std::string_view name, std::string_view where) {
  const std::string near = did_you_mean(nearest_files(shelf, name));
  return {
      {std::string(where), fmt::format("unknown {} \"{}\"", shelf.noun, shown(name)),
       fmt::format("{}{}`ridgepoint {}` lists all {}; or give the path of {}", near,
                   near.empty() ? "" : " ", shelf.verb, shelf.files.size(), shelf.file_it_takes)}};
}

bool is_written_as_path(std::string_view text) {
  return text.starts_with('.') || text.starts_with('/') || text.starts_with('~') ||
         text.ends_with('/') || text.ends_with(".json");
}

}  // namespace ridgepoint::catalog
