// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/score/score.hpp"

namespace ridgepoint::score::test {

// Every figure of these tests is made up; none was measured.

/// 100 TFLOP/s, 1 TB/s, 80 GB, four devices that reach each other at 100 GB/s.
hardware::Device round_device();

/// D 256, F 512, 4 heads of 64, 2 layers, V 1000, in bf16: 1,568,000 weights in a decode step.
model::Architecture small_model();

/// Knows the device "round", the models "small" and "small-moe" (8 experts, 2 for each token), and
/// no profile.
ScoreQuestion question(Reading mode);

inline constexpr const char* kServerColumns =
    "source,device,n_gpu,framework,version,model,precision,kind,tp,pp,ep,dp,batch,concurrency,isl,"
    "osl,ttft_ms,tpot_ms,e2e_ms,suspect\n";

/// The runs of a table with those columns; a test failure where a row is bad.
std::vector<ServerRun> runs_of(const std::string& rows);

}  // namespace ridgepoint::score::test
