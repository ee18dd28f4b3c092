// SPDX-License-Identifier: Apache-2.0
#include "repo/source_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ridgepoint::repo {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

constexpr auto kLicence = "// SPDX-License-Identifier: Apache-2.0";

TEST(SourceTree, EveryFileStartsWithTheLicenceLine) {
  EXPECT_THAT(files_without_licence(source_files(RIDGEPOINT_SOURCE_DIR)), IsEmpty());
}

TEST(SourceTree, NoFileOfTheProductIsLongerThan400Lines) {
  EXPECT_THAT(files_longer_than(400, source_files(RIDGEPOINT_SOURCE_DIR)), IsEmpty());
}

TEST(SourceTree, TheLicenceMayFollowAnInterpreterLineOnly) {
  const std::vector<SourceFile> files{
      {"a.cpp", {kLicence, "int a;"}},
      {"b.sh", {"#!/bin/sh", "# SPDX-License-Identifier: Apache-2.0"}},
      {"c.cpp", {"int c;", kLicence}},
      {"d.cpp", {}},
  };
  EXPECT_THAT(files_without_licence(files), ElementsAre("c.cpp", "d.cpp"));
}

TEST(SourceTree, ALongFileIsReportedWithItsLengthAndALongTestIsNot) {
  const std::vector<SourceFile> files{
      {"src/core/long.cpp", std::vector<std::string>(11)},
      {"src/core/short.cpp", std::vector<std::string>(10)},
      {"tests/core/long_test.cpp", std::vector<std::string>(11)},
  };
  EXPECT_THAT(files_longer_than(10, files), ElementsAre("src/core/long.cpp: 11 lines"));
}

TEST(SourceTree, BuildFoldersAndDataAreNotSources) {
  const std::filesystem::path root =
      std::filesystem::path(testing::TempDir()) / "ridgepoint_source_tree";
  std::filesystem::remove_all(root);
  for (const char* path : {"src/core/b.cpp", "build/release/c.cpp", "data/devices/d.json", "dev"}) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path) << "first\nsecond\n";
  }
  EXPECT_THAT(source_files(root), ElementsAre(Field(&SourceFile::path, "dev"),
                                              Field(&SourceFile::path, "src/core/b.cpp")));
  EXPECT_THAT(source_files(root).front().lines, ElementsAre("first", "second"));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace ridgepoint::repo
