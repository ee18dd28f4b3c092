// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// A deployment that is to stand beside others.
struct Candidate {
  std::string name;  ///< what tells it from the others
  model::Architecture architecture;
  hardware::Device device;
  FitQuestion memory;
  RequestQuestion request;
};

struct ComparedDeployment {
  std::string name;
  MemoryFit memory;
  Estimate estimate;
};

/// A deployment that there is no answer for, and why.
struct LeftOut {
  std::string name;
  Diagnostics faults;
};

struct Comparison {
  std::vector<ComparedDeployment> columns;  ///< two or more; the first is the base
  std::vector<LeftOut> left_out;
  std::vector<std::string> assumptions;  ///< each once; those of some columns name them

  const ComparedDeployment& base() const { return columns.front(); }
};

/// The same questions to all candidates; `left_out` were found to mean nothing before. An illegal
/// split or an unknown rate leaves a candidate out. Errors: fewer than two are left, with all their
/// faults.
Result<Comparison> compare(const std::vector<Candidate>& candidates,
                           std::vector<LeftOut> left_out = {});

}  // namespace ridgepoint::predict
