// SPDX-License-Identifier: Apache-2.0
// What one answer about a large mixture of experts takes, part by part: DeepSeek-V3 (61 layers of
// latent attention, 256 experts in fp8) on an H200, and the catalogue that it comes from.
#include <benchmark/benchmark.h>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace {

using namespace ridgepoint;
using predict::Phase;

const model::Architecture& deepseek() {
  static const model::Architecture model = catalog::find_model("deepseek-v3").value();
  return model;
}

const hardware::Device& h200() {
  static const hardware::Device device = catalog::find_device("h200-sxm").value();
  return device;
}

template <class N>
cost::Step<N> step_of_deepseek(Phase phase) {
  return predict::build_step<N>(deepseek(), {predict::native_precision(deepseek())}, phase);
}

/// Every operator of one step at one point. Budget: 20 µs.
void step_time(benchmark::State& state, Phase phase) {
  const auto step = roofline::on_device(step_of_deepseek<double>(phase), h200()).value();
  double batch = 1;
  for (auto _ : state) {
    const double tokens = phase == Phase::decode ? 1 : 4096;
    benchmark::DoNotOptimize(roofline::step_time(step, {batch, tokens, 4096}));
    batch = batch < 256 ? batch + 1 : 1;
  }
  state.counters["operators"] = static_cast<double>(step.size());
}
BENCHMARK_CAPTURE(step_time, decode, Phase::decode);
BENCHMARK_CAPTURE(step_time, prefill, Phase::prefill);

/// The same in exact counts, operator by operator.
void exact_counts(benchmark::State& state, Phase phase) {
  const auto step = step_of_deepseek<Count>(phase);
  const cost::Shape<Count> shape{64, phase == Phase::decode ? 1 : 4096, 4096};
  for (auto _ : state) {
    for (const auto& part : step) benchmark::DoNotOptimize(cost::totals(part, shape));
  }
}
BENCHMARK_CAPTURE(exact_counts, decode, Phase::decode)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(exact_counts, prefill, Phase::prefill)->Unit(benchmark::kMicrosecond);

/// From the architecture to a step on the device.
void build_step(benchmark::State& state, Phase phase) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(roofline::on_device(step_of_deepseek<double>(phase), h200()));
  }
}
BENCHMARK_CAPTURE(build_step, decode, Phase::decode)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(build_step, prefill, Phase::prefill)->Unit(benchmark::kMicrosecond);

/// The whole answer of `roofline`: both phases in numbers and in letters, with every crossover.
void analyse(benchmark::State& state) {
  predict::Workload workload;
  workload.precision = predict::native_precision(deepseek());
  for (auto _ : state) {
    benchmark::DoNotOptimize(predict::analyse(deepseek(), h200(), workload));
  }
}
BENCHMARK(analyse)->Unit(benchmark::kMillisecond);

/// Every model of the catalogue read. Budget: 30 ms.
void load_all_models(benchmark::State& state) {
  std::size_t models = 0;
  for (auto _ : state) {
    const auto all = catalog::models();
    benchmark::DoNotOptimize(all.data());
    models = all.size();
  }
  state.counters["models"] = static_cast<double>(models);
}
BENCHMARK(load_all_models)->Unit(benchmark::kMillisecond);

void load_one_model(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(catalog::find_model("deepseek-v3"));
}
BENCHMARK(load_one_model)->Unit(benchmark::kMicrosecond);

}  // namespace
