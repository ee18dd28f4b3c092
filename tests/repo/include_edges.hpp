// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <istream>
#include <set>
#include <string>
#include <vector>

#include "repo/source_tree.hpp"

namespace ridgepoint::repo {

/// A layer, and the layers that the build lets it use.
struct Module {
  std::string name;
  std::set<std::string> uses;
};

/// One "name: used used" line for each module, lowest first: build/<preset>/edges.txt.
std::vector<Module> read_edges(std::istream& text);

/// "core uses cost, which is not below it" for each edge that does not lead to an earlier module.
std::vector<std::string> edges_that_point_up(const std::vector<Module>& modules);

/// "src/core/units.cpp:3: core may not include ridgepoint/cost/step.hpp", for each #include of the
/// product that no edge covers. Also faults a public header that includes a private one or a heavy
/// library, and a folder under src/ or include/ridgepoint/ that declares no edges.
std::vector<std::string> forbidden_includes(const std::vector<SourceFile>& files,
                                            const std::vector<Module>& modules);

}  // namespace ridgepoint::repo
