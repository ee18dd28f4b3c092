// SPDX-License-Identifier: Apache-2.0
#include "repo/include_edges.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ridgepoint::repo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Module> three_layers() {
  std::istringstream text("core: \ncost: core\nreport: core cost\n");
  return read_edges(text);
}

std::vector<Module> declared_in_the_build() {
  std::ifstream text(RIDGEPOINT_EDGES_FILE);
  return read_edges(text);
}

TEST(IncludesPointDown, InTheWholeTree) {
  EXPECT_THAT(forbidden_includes(source_files(RIDGEPOINT_SOURCE_DIR), declared_in_the_build()),
              IsEmpty());
}

TEST(IncludesPointDown, EdgesOfTheBuildLeadOnlyToLowerLayers) {
  const std::vector<Module> modules = declared_in_the_build();
  ASSERT_THAT(modules, SizeIs(testing::Ge(10)));
  EXPECT_EQ(modules.front().name, "core");
  EXPECT_THAT(edges_that_point_up(modules), IsEmpty());
}

TEST(IncludesPointDown, AnUpwardIncludeIsNamedWithItsLine) {
  const SourceFile upward{"src/core/units.cpp",
                          {"// one", "#include <vector>", "#include \"ridgepoint/cost/step.hpp\""}};
  EXPECT_THAT(forbidden_includes({upward}, three_layers()),
              ElementsAre("src/core/units.cpp:3: core may not include ridgepoint/cost/step.hpp"));
}

TEST(IncludesPointDown, APrivateHeaderOfAHigherLayerIsCaught) {
  const SourceFile upward{"src/cost/step.cpp", {"# include \"report/table.hpp\""}};
  EXPECT_THAT(forbidden_includes({upward}, three_layers()),
              ElementsAre("src/cost/step.cpp:1: cost may not include report/table.hpp"));
}

TEST(IncludesPointDown, APublicHeaderMayNotIncludeAPrivateOneOfItsOwnLayer) {
  const SourceFile leaky{"include/ridgepoint/cost/step.hpp", {"#include \"cost/detail.hpp\""}};
  EXPECT_THAT(forbidden_includes({leaky}, three_layers()),
              ElementsAre("include/ridgepoint/cost/step.hpp:1: "
                          "a public header may not include the private cost/detail.hpp"));
}

TEST(IncludesPointDown, APublicHeaderMayNotIncludeAHeavyLibrary) {
  const SourceFile slow{"include/ridgepoint/cost/step.hpp", {"#include <nlohmann/json.hpp>"}};
  const SourceFile hidden{"src/cost/step.hpp", {"#include <nlohmann/json.hpp>"}};
  EXPECT_THAT(forbidden_includes({slow, hidden}, three_layers()),
              ElementsAre("include/ridgepoint/cost/step.hpp:1: "
                          "a public header may not include nlohmann/json.hpp"));
}

TEST(IncludesPointDown, AFolderWithoutDeclaredEdgesIsCaught) {
  const SourceFile stray{"src/stray/file.cpp", {}};
  EXPECT_THAT(forbidden_includes({stray}, three_layers()),
              ElementsAre("src/stray/file.cpp: the build declares no edges for stray"));
}

TEST(IncludesPointDown, OwnHeadersLowerLayersAndLibrariesAreAllowed) {
  const SourceFile fine{"src/report/table.cpp",
                        {"#include \"report/table.hpp\"", "#include \"ridgepoint/core/count.hpp\"",
                         "#include \"cost/kernels.hpp\"", "#include <fmt/format.h>",
                         "// #include \"ridgepoint/app/cli.hpp\""}};
  EXPECT_THAT(forbidden_includes({fine}, three_layers()), IsEmpty());
}

TEST(IncludesPointDown, AnEdgeToALaterLayerPointsUp) {
  std::istringstream text("core: cost\ncost: core\n");
  EXPECT_THAT(edges_that_point_up(read_edges(text)),
              ElementsAre("core uses cost, which is not below it"));
}

}  // namespace
}  // namespace ridgepoint::repo
