// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

// The sentences and tables that the documents of a comparison share.

/// A figure of a deployment that is compared.
struct ComparedFigure {
  enum class Reading { memory, bound, expected };
  Reading reading;
  const char* words;
  const char* best;  ///< "Lowest TTFT"; empty where none is best
  const char* unit;
  const char* key;  ///< of its ratio in JSON
  double (*value)(const predict::ComparedDeployment& column);
  double scale;  ///< of what people see
  bool more_is_better;
};
/// Sequences, TTFT, TPOT, throughput, …; those of expected times are 0 where they are not known.
const std::vector<ComparedFigure>& compared_figures();

/// Whether some, or all, deployments have expected times.
bool has_expected(const predict::Comparison& comparison);
bool all_have_expected(const predict::Comparison& comparison);

/// Whether memory holds the batch that was asked for.
bool holds_batch(const predict::ComparedDeployment& column);

/// The figure ÷ that of the base; 0 where the base has none.
double ratio(const ComparedFigure& figure, const predict::ComparedDeployment& column,
             const predict::ComparedDeployment& base);

/// "llama-2-13b: 12 deployments against weights bf16 on NVIDIA H100"
std::string comparison_title(const predict::Comparison& comparison);
std::string comparison_setting(
    const predict::Comparison& comparison);  ///< "batch 16, …" of the base
/// Both.
std::string comparison_headline(const predict::Comparison& comparison);
/// "Lowest TPOT: h200-sxm, 7.01 ms (0.70×)."; among those that hold the batch, expected where all
/// have expected times, else of the bound.
std::vector<std::string> best_sentences(const predict::Comparison& comparison);
/// Why each deployment's times and capacity are not those of the base, one sentence each.
std::vector<std::string> reasons(const predict::Comparison& comparison);
/// "half the KV heads: it has 1 KV head"
std::vector<std::string> left_out_sentences(const predict::Comparison& comparison);

Table comparison_table(const predict::Comparison& comparison);
/// Bands of the expected times; without columns where none are known.
Table band_table(const predict::Comparison& comparison);
Table ratio_table(const predict::Comparison& comparison);

}  // namespace ridgepoint::report
