// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The sentences and tables that text, Markdown and HTML share.

std::string model_on_device(const predict::Analysis& analysis);  ///< "llama-2-13b on NVIDIA H100"
std::string setting(const predict::Analysis& analysis);  ///< "batch 1, context 1,024 tokens, bf16"
bool has_mixed_step(const predict::Analysis& analysis);
bool has_expected(const predict::Analysis& analysis);  ///< times of a server
std::string phase_title(predict::Phase phase);         ///< "Prefill"
/// "126 tokens/s", of a prefill "9,120 prompt tokens/s": read, not generated; of a mixed step both.
std::string rate_words(const predict::StepAnalysis& step);
/// Of weights and KV cache at a batch size.
Count memory_bytes(const predict::MemoryUse& memory, std::int64_t batch);
/// "compute", "memory" or "network".
std::string_view limit_word(roofline::Bound bound);
std::string short_name(roofline::Bound bound);  ///< "memory-bound"
Tone tone(roofline::Bound bound);

/// "from batch 321", "at every batch", "never".
std::string crossover_words(const predict::Crossover& crossover);
/// 42.6, 1.23, 0.08, <0.01
std::string percent(double share);
/// "989.4 TFLOP/s"; of integer types "1,979 TOP/s".
std::string peak_words(const hardware::DensePeak& peak);
/// As JSON and CSV name it: "always", "from_batch", "never".
std::string_view crossover_key(const predict::Crossover& crossover);
/// "Decode is memory-bound: expected 9.31 ms (8.95–9.80) per step, 80 % band in brackets, 107
/// tokens/s; bound 7.95 ms, floor 7.92 ms."; without a calibration floor, bound and its rate.
std::string step_sentence(const predict::StepAnalysis& step);
/// Where the step changes: "Decode as a whole is compute-bound from batch 321."; of a mixed step
/// what its parts would take alone.
std::string further_sentence(const predict::StepAnalysis& step);
/// "Memory: weights 24.2 GiB and KV cache 0.78 GiB of 74.5 GiB: fits; at most batch 64."
std::string memory_sentence(const predict::Analysis& analysis);

Table operator_table(const predict::StepAnalysis& step);
Table step_table(const predict::Analysis& analysis);
Table batch_table(const predict::Analysis& analysis);

/// A device figure with where it was read: "memory bandwidth", "3.35 TB/s", its source and note.
struct SourcedFigure {
  std::string name;
  std::string value;
  std::string source;
};
std::vector<SourcedFigure> figures_in_use(const predict::Analysis& analysis);

/// A count in full: 1,048,576; with a tenth where it is no integer, 661,674,718.3.
std::string whole(const Count& count);

}  // namespace ridgepoint::report
