// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/faults.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::testing {

/// A published parameter total, and the facts of the config.json that it belongs to.
struct KnownTotal {
  const char* name;
  std::int64_t total;
  std::string config;
};

inline void expect_totals(std::span<const KnownTotal> table) {
  for (const KnownTotal& known : table) {
    const auto architecture = model::read_architecture(known.config, known.name);
    EXPECT_EQ(faults_of(architecture), "") << known.name;
    if (!architecture) continue;
    EXPECT_EQ(model::total_parameters(*architecture).value(), known.total) << known.name;
  }
}

}  // namespace ridgepoint::testing
