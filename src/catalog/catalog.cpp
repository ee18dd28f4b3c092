// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/catalog/catalog.hpp"

#include <fmt/format.h>

#include <cassert>
#include <filesystem>
#include <system_error>

#include "catalog/lookup.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::catalog {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// The path of the file that a name means; a fault when it can be none.
Result<std::string> path_of(const Shelf& shelf, std::string_view name, std::string_view where) {
  std::string path(name);
  if (exists(path)) return path;
  if (is_written_as_path(name)) {
    return fail(std::string(where),
                fmt::format("there is no file or folder \"{}\"", shown(name, 200)),
                fmt::format("give the path of {}, or a name that `ridgepoint {}` lists",
                            shelf.file_it_takes, shelf.verb));
  }
  return fail(unknown(shelf, name, where));
}

ModelEntry read_entry(const EmbeddedFile& file, model::Architecture architecture) {
  ModelEntry entry{std::string(file.name), {}, {}, {}, std::move(architecture)};
  Diagnostics faults;
  if (const Result<json::Value> root = json::parse(file.text, file.name)) {
    json::Reader reader(*root, std::string(file.name), faults);
    entry.title = reader.optional_string("_title").value_or(entry.name);
    entry.aliases = reader.strings("_aliases");
    entry.source = reader.optional_string("_source").value_or("");
  }
  return entry;
}

Result<model::Architecture> read_embedded(const EmbeddedFile& file, const Overrides& overrides) {
  Result<model::Architecture> architecture =
      model::read_architecture(file.text, fmt::format("{}.json", file.name), overrides);
  if (architecture) architecture->name = file.name;
  return architecture;
}

/// What a config.json is called: its folder, or the file itself under another name.
std::string name_from_path(const std::string& path) {
  std::error_code error;
  const fs::path file = fs::absolute(path, error).lexically_normal();
  if (file.filename() == "config.json") return printable(file.parent_path().filename().string());
  return printable(file.stem().string());
}

Result<model::Architecture> read_config(std::string path, const Overrides& overrides) {
  if (is_folder(path)) {
    path = (fs::path(path) / "config.json").string();
    if (!exists(path)) {
      return fail(path, "there is no config.json in this folder",
                  "name the folder that holds it, or the file itself");
    }
  }
  const Result<std::string> text = read_file(path);
  if (!text) return fail(text.error());
  Result<model::Architecture> architecture = model::read_architecture(*text, path, overrides);
  if (architecture) architecture->name = name_from_path(path);
  return architecture;
}

}  // namespace

Result<hardware::Device> find_device(std::string_view name_or_path, const Overrides& overrides,
                                     std::string_view where) {
  const Shelf& shelf = device_shelf();
  if (!is_written_as_path(name_or_path)) {
    if (const EmbeddedFile* file = find(shelf, name_or_path)) {
      return hardware::read_device(file->text, fmt::format("{}.json", file->name), overrides);
    }
  }
  const Result<std::string> path = path_of(shelf, name_or_path, where);
  if (!path) return fail(path.error());
  const Result<std::string> text = read_file(*path);
  if (!text) return fail(text.error());
  return hardware::read_device(*text, *path, overrides);
}

Result<model::Architecture> find_model(std::string_view name_or_path, const Overrides& overrides,
                                       std::string_view where) {
  const Shelf& shelf = model_shelf();
  if (!is_written_as_path(name_or_path)) {
    if (const EmbeddedFile* file = find(shelf, name_or_path)) {
      return read_embedded(*file, overrides);
    }
  }
  const Result<std::string> path = path_of(shelf, name_or_path, where);
  if (!path) return fail(path.error());
  return read_config(*path, overrides);
}

Result<ModelEntry> find_model_entry(std::string_view name, std::string_view where) {
  const EmbeddedFile* file = find(model_shelf(), name);
  if (file == nullptr) return fail(unknown(model_shelf(), name, where));
  return read_embedded(*file, {}).map(
      [&](model::Architecture architecture) { return read_entry(*file, std::move(architecture)); });
}

std::vector<std::string> device_names() { return names(device_shelf()); }
std::vector<std::string> model_names() { return names(model_shelf()); }

std::vector<hardware::Device> devices() {
  std::vector<hardware::Device> result;
  for (const EmbeddedFile& file : embedded_devices()) {
    Result<hardware::Device> device =
        hardware::read_device(file.text, fmt::format("{}.json", file.name));
    assert(device && "the tests prove that every embedded file is sound");
    if (device) result.push_back(std::move(*device));
  }
  return result;
}

std::vector<ModelEntry> models() {
  std::vector<ModelEntry> result;
  for (const EmbeddedFile& file : embedded_models()) {
    Result<model::Architecture> architecture = read_embedded(file, {});
    assert(architecture && "the tests prove that every embedded file is sound");
    if (architecture) result.push_back(read_entry(file, std::move(*architecture)));
  }
  return result;
}

}  // namespace ridgepoint::catalog
