// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/expected_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ridgepoint::predict {
namespace {

std::string title(Engine::Kind kind) {
  switch (kind) {
    case Engine::Kind::sglang:
      return "SGLang";
    case Engine::Kind::tensorrt_llm:
      return "TensorRT-LLM";
    case Engine::Kind::vllm:
      break;
  }
  return "vLLM";
}

bool has_own(const efficiency::Calibration& calibration, efficiency::OperatorClass kind) {
  const auto& kernels = calibration.own().kernels;
  return std::any_of(kernels.begin(), kernels.end(),
                     [&](const auto& kernel) { return kernel.kind == kind; });
}

/// Whose times stand for those of the device.
std::string origin_sentence(const hardware::Device& device,
                            const efficiency::Calibration& calibration) {
  using efficiency::OperatorClass;
  if (calibration.own().kernels.empty()) {
    return fmt::format(
        "no times were measured on {}: expected ones are those of kernels of its relatives, at its "
        "own peaks, bandwidths and sizes, with wider bands",
        device.name);
  }
  std::string words = "expected times rest on times measured on " + device.name;
  if (calibration.transferred().kernels.empty()) return words;
  words += ", and on those of relatives, with wider bands, where a kernel was not measured there";
  if (!has_own(calibration, OperatorClass::elementwise)) words += ", element-wise ones among them";
  return words;
}

}  // namespace

std::vector<std::string> expected_assumptions(const hardware::Device& device,
                                              const Execution& execution) {
  if (!execution.calibration) {
    return {fmt::format(
        "no times measured on {} or a relative are at hand: expected times are not known",
        device.name)};
  }
  const Engine& engine = execution.engine;
  const char* launched = engine.has_graphs
                             ? "decode steps replayed as CUDA graphs, padded to the sizes captured"
                             : "every kernel launched by the host (--enforce-eager)";
  return {origin_sentence(device, *execution.calibration),
          fmt::format("expected times are of {}'s kernels where they were measured, {}; operands "
                      "come from memory, not from a cache",
                      title(engine.kind), launched),
          "expected times count sampling on the device (logits to fp32, softmax, a "
          "draw), and no scheduling, tokenising or network of the server",
          "the band of an expected time holds the middle 80 % of what was measured on shapes that "
          "the fit had not seen, and that of a step the spread of whole servers beside: other "
          "versions, fusions, hosts, routing"};
}

}  // namespace ridgepoint::predict
