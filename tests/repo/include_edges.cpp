// SPDX-License-Identifier: Apache-2.0
#include "repo/include_edges.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <sstream>
#include <string_view>

namespace ridgepoint::repo {
namespace {

constexpr std::string_view kPublic = "include/ridgepoint/";
constexpr std::string_view kPrivate = "src/";

std::string up_to_slash(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

/// The module whose folder holds the file, if it belongs to the product.
std::optional<std::string> owner(const SourceFile& file) {
  const std::string_view path = file.path;
  for (const std::string_view root : {kPublic, kPrivate}) {
    if (!path.starts_with(root)) continue;
    const std::string_view rest = path.substr(root.size());
    if (rest.find('/') != std::string_view::npos) return up_to_slash(rest);
  }
  return std::nullopt;
}

const Module* find(const std::vector<Module>& modules, const std::string& name) {
  const auto found = std::ranges::find(modules, name, &Module::name);
  return found == modules.end() ? nullptr : &*found;
}

/// The path of an #include line.
std::optional<std::string> included(const std::string& line) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*["<]([^">]+)[">])re");
  std::smatch match;
  if (!std::regex_search(line, match, pattern)) return std::nullopt;
  return match[1].str();
}

/// Libraries that compile slowly, or that whoever links Ridgepoint need not have.
bool is_heavy(const std::string& path) {
  return path.starts_with("nlohmann/") || path.starts_with("CLI/") || path.starts_with("boost/") ||
         path.starts_with("fmt/");
}

/// What is wrong with including `path` from a file of `module`; empty when nothing is.
std::string fault(const SourceFile& file, const Module& module, const std::string& path,
                  const std::vector<Module>& modules) {
  const bool from_public = file.path.starts_with(kPublic);
  const bool is_public = path.starts_with("ridgepoint/");
  const std::string target = up_to_slash(is_public ? path.substr(path.find('/') + 1) : path);
  if (from_public && is_heavy(path)) return "a public header may not include " + path;
  if (path.find('/') == std::string::npos) return {};
  if (!is_public && find(modules, target) == nullptr) return {};
  if (!is_public && from_public) {
    return "a public header may not include the private " + path;
  }
  if (target == module.name || module.uses.contains(target)) return {};
  return module.name + " may not include " + path;
}

}  // namespace

std::vector<Module> read_edges(std::istream& text) {
  std::vector<Module> modules;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    Module module;
    if (!std::getline(words, module.name, ':')) continue;
    for (std::string used; words >> used;) module.uses.insert(used);
    modules.push_back(std::move(module));
  }
  return modules;
}

std::vector<std::string> edges_that_point_up(const std::vector<Module>& modules) {
  std::vector<std::string> faults;
  std::set<std::string> below;
  for (const Module& module : modules) {
    for (const std::string& used : module.uses) {
      if (!below.contains(used)) {
        faults.push_back(module.name + " uses " + used + ", which is not below it");
      }
    }
    below.insert(module.name);
  }
  return faults;
}

std::vector<std::string> forbidden_includes(const std::vector<SourceFile>& files,
                                            const std::vector<Module>& modules) {
  std::vector<std::string> faults;
  for (const SourceFile& file : files) {
    const std::optional<std::string> name = owner(file);
    if (!name || !file.path.ends_with("pp")) continue;
    const Module* module = find(modules, *name);
    if (module == nullptr) {
      faults.push_back(file.path + ": the build declares no edges for " + *name);
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::optional<std::string> path = included(file.lines[i]);
      const std::string what = path ? fault(file, *module, *path, modules) : std::string();
      if (!what.empty()) {
        faults.push_back(file.path + ":" + std::to_string(i + 1) + ": " + what);
      }
    }
  }
  return faults;
}

}  // namespace ridgepoint::repo
