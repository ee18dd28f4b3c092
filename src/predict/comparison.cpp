// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ridgepoint::predict {
namespace {

/// The sentences of `more` that are not yet there.
void add_new(const Diagnostics& more, Diagnostics& faults) {
  for (const Diagnostic& fault : more) {
    if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
  }
}

Result<ComparedDeployment> answer(const Candidate& candidate) {
  auto memory = fit(candidate.architecture, candidate.device, candidate.memory);
  auto times = estimate(candidate.architecture, candidate.device, candidate.request);
  if (memory && times) {
    return ComparedDeployment{candidate.name, std::move(*memory), std::move(*times)};
  }
  Diagnostics faults;
  if (!memory) add_new(memory.error(), faults);
  if (!times) add_new(times.error(), faults);
  return fail(std::move(faults));
}

/// A sentence with the columns that assume it, in the order of their first ones.
struct Assumed {
  std::string sentence;
  std::vector<std::string> names;
};

std::vector<Assumed> collect(const std::vector<ComparedDeployment>& columns) {
  std::vector<Assumed> all;
  const auto add = [&](const std::string& sentence, const std::string& name) {
    auto known = std::find_if(all.begin(), all.end(),
                              [&](const Assumed& each) { return each.sentence == sentence; });
    if (known == all.end()) known = all.insert(known, {sentence, {}});
    if (known->names.empty() || known->names.back() != name) known->names.push_back(name);
  };
  for (const ComparedDeployment& column : columns) {
    for (const std::string& sentence : column.memory.assumptions) add(sentence, column.name);
    for (const std::string& sentence : column.estimate.assumptions) add(sentence, column.name);
  }
  return all;
}

std::vector<std::string> assumptions(const std::vector<ComparedDeployment>& columns) {
  std::vector<std::string> sentences;
  for (const Assumed& each : collect(columns)) {
    sentences.push_back(
        each.names.size() == columns.size()
            ? each.sentence
            : fmt::format("{} (of {})", each.sentence, fmt::join(each.names, "; ")));
  }
  return sentences;
}

Diagnostics faults_of(const std::vector<LeftOut>& left_out) {
  Diagnostics faults;
  for (const LeftOut& one : left_out) {
    for (const Diagnostic& fault : one.faults) {
      faults.push_back({fmt::format("{}: {}", one.name, fault.where), fault.what, fault.help});
    }
  }
  return faults;
}

}  // namespace

Result<Comparison> compare(const std::vector<Candidate>& candidates,
                           std::vector<LeftOut> left_out) {
  Comparison comparison;
  comparison.left_out = std::move(left_out);
  for (const Candidate& candidate : candidates) {
    auto column = answer(candidate);
    if (column) {
      comparison.columns.push_back(std::move(*column));
    } else {
      comparison.left_out.push_back({candidate.name, column.error()});
    }
  }
  if (comparison.columns.size() < 2) {
    Diagnostics faults = faults_of(comparison.left_out);
    if (faults.empty()) {
      faults.push_back({"compare", "there is but one deployment",
                        "give a list (-d h100,h200; --weights bf16,fp8; -tp 1,2,4), --variant or "
                        "--shortcuts"});
    }
    return fail(std::move(faults));
  }
  comparison.assumptions = assumptions(comparison.columns);
  comparison.assumptions.emplace_back("how good the answers of each model are is not looked at");
  return comparison;
}

}  // namespace ridgepoint::predict
