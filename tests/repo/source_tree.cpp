// SPDX-License-Identifier: Apache-2.0
#include "repo/source_tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string_view>

namespace ridgepoint::repo {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kFolders{"bench",   "cmake", "examples",
                                                   "include", "src",   "tests"};

bool is_source(const fs::path& path) {
  static const std::set<std::string> extensions{".cpp", ".hpp", ".cmake", ".sh", ".py"};
  return extensions.contains(path.extension().string()) || path.filename() == "CMakeLists.txt" ||
         path.filename() == "dev";
}

SourceFile read(const fs::path& root, const fs::path& path) {
  SourceFile file{path.lexically_relative(root).generic_string(), {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

bool is_licence(const std::string& line) {
  return line.ends_with("SPDX-License-Identifier: Apache-2.0");
}

bool starts_with_licence(const SourceFile& file) {
  const std::size_t first =
      !file.lines.empty() && file.lines.front().starts_with("#!") ? std::size_t{1} : std::size_t{0};
  return file.lines.size() > first && is_licence(file.lines[first]);
}

bool is_product_code(const SourceFile& file) {
  return (file.path.starts_with("src/") || file.path.starts_with("include/")) &&
         file.path.ends_with("pp");
}

}  // namespace

std::vector<SourceFile> source_files(const fs::path& root) {
  std::vector<SourceFile> files;
  const auto add = [&](const fs::directory_entry& entry) {
    if (entry.is_regular_file() && is_source(entry.path())) {
      files.push_back(read(root, entry.path()));
    }
  };
  for (const auto& entry : fs::directory_iterator(root)) add(entry);
  for (const std::string_view folder : kFolders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) add(entry);
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::vector<std::string> files_without_licence(const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  for (const SourceFile& file : files) {
    if (!starts_with_licence(file)) found.push_back(file.path);
  }
  return found;
}

std::vector<std::string> files_longer_than(std::size_t limit,
                                           const std::vector<SourceFile>& files) {
  std::vector<std::string> found;
  for (const SourceFile& file : files) {
    if (is_product_code(file) && file.lines.size() > limit) {
      found.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines");
    }
  }
  return found;
}

}  // namespace ridgepoint::repo
