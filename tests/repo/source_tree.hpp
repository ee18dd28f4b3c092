// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ridgepoint::repo {

struct SourceFile {
  std::string path;  ///< relative to the root of the tree, with slashes
  std::vector<std::string> lines;
};

/// The files we write by hand in the top folders of the tree (src, include, tests, bench, cmake,
/// examples) and beside them, in alphabetical order: C++, CMake, shell and Python.
std::vector<SourceFile> source_files(const std::filesystem::path& root);

/// Paths of the files whose first line, or second after a #!, is not the licence line.
std::vector<std::string> files_without_licence(const std::vector<SourceFile>& files);

/// "path: 412 lines" for each C++ file of the product that is longer than the limit.
std::vector<std::string> files_longer_than(std::size_t limit, const std::vector<SourceFile>& files);

}  // namespace ridgepoint::repo
