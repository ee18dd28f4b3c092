// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/predict/sensitivity.hpp"
#include "ridgepoint/predict/speculation.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

// The sentences and tables that a page shares with the other documents of its answer.

/// One fact: what it is called, and what it says.
struct FactLine {
  std::string name;
  std::string words;
};
std::vector<FactLine> fit_lines(const predict::MemoryFit& fit);
Table fit_table(const predict::MemoryFit& fit);

/// The first is the setting.
std::vector<std::string> estimate_sentences(const predict::Estimate& estimate);
/// What expected times are made of, and where they and their bands come from; empty without them.
std::vector<std::string> expected_lines(const predict::Estimate& estimate,
                                        Charset charset = Charset::utf8);
/// One for each way to serve.
std::vector<Table> estimate_tables(const predict::Estimate& estimate);

std::string speculation_title(const predict::Speculation& speculation);
/// The first is the setting.
std::vector<std::string> speculation_sentences(const predict::Speculation& speculation);
Table speculation_table(const predict::Speculation& speculation);

/// The first is the setting.
std::vector<std::string> sensitivity_sentences(const predict::Sensitivity& sensitivity);
/// Of the device, the request and the model.
std::vector<Table> sensitivity_tables(const predict::Sensitivity& sensitivity);

}  // namespace ridgepoint::report
