// SPDX-License-Identifier: Apache-2.0
// Points per second of the block kernels: Llama 2 13B on an H100, every operator, one core.
#include "ridgepoint/roofline/step_time.hpp"

#include <benchmark/benchmark.h>

#include <array>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/build_step.hpp"

namespace {

using namespace ridgepoint;

roofline::TimedStep llama_on_h100() {
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto h100 = catalog::find_device("h100-sxm").value();
  const auto step = predict::build_step<double>(llama, {predict::native_precision(llama)},
                                                predict::Phase::decode);
  return roofline::on_device(step, h100).value();
}

struct Points {
  std::array<double, roofline::kBlockSize> batch, new_tokens, context;

  explicit Points(bool decode) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i] = static_cast<double>(1 + i % 64);
      context[i] = static_cast<double>(256 * (1 + i / 64));
      new_tokens[i] = decode ? 1 : context[i];
    }
  }
  roofline::PointBlock block() const { return {batch, new_tokens, context}; }
};

void step_times(benchmark::State& state, InstructionSet set, bool decode) {
  const roofline::TimedStep step = llama_on_h100();
  const Points points(decode);
  roofline::StepTimes times;
  for (auto _ : state) {
    roofline::step_times(step, points.block(), times, set);
    benchmark::DoNotOptimize(times);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(roofline::kBlockSize));
}

void step_time_point_by_point(benchmark::State& state) {
  const roofline::TimedStep step = llama_on_h100();
  const Points points(true);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        roofline::step_time(step, {points.batch[i], points.new_tokens[i], points.context[i]}));
    i = (i + 1) % roofline::kBlockSize;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(step_time_point_by_point);

[[maybe_unused]] const bool registered = [] {
  for (const InstructionSet set : available_instruction_sets()) {
    for (const bool decode : {true, false}) {
      const std::string name = "step_times/" + std::string(decode ? "decode/" : "prefill/") +
                               std::string(ridgepoint::name(set));
      benchmark::RegisterBenchmark(name.c_str(), step_times, set, decode);
    }
  }
  return true;
}();

}  // namespace
