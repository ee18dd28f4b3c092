// SPDX-License-Identifier: Apache-2.0
// Points per second of the expected mode beside those of the bound, in one run: Llama 2 13B on an
// H100, every operator, one core. Aim: no less than a tenth of the bound's.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "predict/expected_blocks.hpp"
#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace {

using namespace ridgepoint;
using predict::Phase;

struct Llama {
  roofline::TimedStep bound;
  predict::ExpectedStep expected;
};

Llama llama_on_h100(Phase phase, std::int64_t tensor) {
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto h100 = catalog::find_device("h100-sxm").value();
  predict::Execution execution{predict::native_precision(llama)};
  execution.parallelism.tensor = tensor;
  execution.calibration = catalog::calibration_of(h100).value();
  const auto plan = predict::plan_step(predict::device_shares(llama, execution.parallelism).front(),
                                       execution, phase);
  const auto step = predict::build_step<double>(plan);
  auto timed = roofline::on_device(step, h100).value();
  auto expected = predict::ExpectedStep::build(plan, step, timed, h100).value();
  return {std::move(timed), std::move(expected)};
}

enum class Kind {
  powers,   ///< batch × context in powers of two
  dense,    ///< batch × context, each of them
  distinct  ///< random, no two alike: of prompts no two of the same number of tokens
};

/// So many that nothing is known from the round before but what a sweep would keep.
constexpr std::size_t kBlocks = 256;

struct Block {
  std::vector<double> batch, new_tokens, context;
  roofline::PointBlock points() const { return {batch, new_tokens, context}; }
};

std::vector<Block> blocks_of(Kind kind, Phase phase) {
  std::mt19937 random(20261122);
  std::vector<Block> blocks(kBlocks);
  double number = 0;
  for (Block& block : blocks) {
    for (std::size_t i = 0; i < roofline::kBlockSize; ++i, ++number) {
      double batch = 0;
      double context = 0;
      if (kind == Kind::powers) {
        batch = static_cast<double>(1U << (i % 13));
        context = static_cast<double>(128U << (i / 13 % 11));
      } else if (kind == Kind::dense) {
        batch = static_cast<double>(1 + i % 256);
        context = 64 * (1 + std::floor(number / 256));
      } else {
        batch = static_cast<double>(1 + random() % 4096);
        context = static_cast<double>(1 + random() % 131072);
      }
      block.batch.push_back(batch);
      block.context.push_back(context);
      block.new_tokens.push_back(phase == Phase::decode ? 1 : context);
    }
  }
  return blocks;
}

constexpr auto kPointsOfABlock = static_cast<std::int64_t>(roofline::kBlockSize);

void bound(benchmark::State& state, Phase phase, Kind kind) {
  const Llama llama = llama_on_h100(phase, 1);
  const auto blocks = blocks_of(kind, phase);
  const auto times = std::make_unique<roofline::StepTimes>();
  std::size_t i = 0;
  for (auto _ : state) {
    roofline::step_times(llama.bound, blocks[i++ % kBlocks].points(), *times);
    benchmark::DoNotOptimize(*times);
  }
  state.SetItemsProcessed(state.iterations() * kPointsOfABlock);
}

/// CPU time of some rounds over all blocks.
template <class Run>
double cpu_seconds(const Run& run) {
  constexpr int kRounds = 2;
  const std::clock_t start = std::clock();
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kBlocks; ++i) run(i);
  }
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void expected(benchmark::State& state, Phase phase, Kind kind, std::int64_t tensor,
              InstructionSet set) {
  const Llama llama = llama_on_h100(phase, tensor);
  const auto blocks = blocks_of(kind, phase);
  predict::ExpectedBlocks all(llama.expected, set);
  const auto times = std::make_unique<predict::ExpectedTimes>();
  std::size_t i = 0;
  for (auto _ : state) {
    all.times(blocks[i++ % kBlocks].points(), *times);
    benchmark::DoNotOptimize(*times);
  }
  state.SetItemsProcessed(state.iterations() * kPointsOfABlock);
  const auto bounds = std::make_unique<roofline::StepTimes>();
  const double of_bound = cpu_seconds([&](std::size_t at) {
    roofline::step_times(llama.bound, blocks[at].points(), *bounds, set);
    benchmark::DoNotOptimize(*bounds);
  });
  const double of_expected = cpu_seconds([&](std::size_t at) {
    all.times(blocks[at].points(), *times);
    benchmark::DoNotOptimize(*times);
  });
  state.counters["share_of_bounds_speed"] = of_bound / of_expected;
}

void expected_point_by_point(benchmark::State& state, Phase phase) {
  const Llama llama = llama_on_h100(phase, 1);
  double batch = 1;
  for (auto _ : state) {
    const double tokens = phase == Phase::decode ? 1 : 4096;
    benchmark::DoNotOptimize(llama.expected.time({batch, tokens, 4096}));
    batch = batch < 256 ? batch + 1 : 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(expected_point_by_point, decode, Phase::decode);
BENCHMARK_CAPTURE(expected_point_by_point, prefill, Phase::prefill);

[[maybe_unused]] const bool registered = [] {
  const auto add = [](const std::string& name, auto&&... run) {
    benchmark::RegisterBenchmark(name.c_str(), run...);
  };
  for (const Phase phase : {Phase::decode, Phase::prefill}) {
    const std::string of = "/" + std::string(name(phase)) + "/";
    add("bound" + of + "dense", bound, phase, Kind::dense);
    const InstructionSet best = best_instruction_set();
    add("expected" + of + "powers", expected, phase, Kind::powers, 1, best);
    add("expected" + of + "dense", expected, phase, Kind::dense, 1, best);
    add("expected" + of + "distinct", expected, phase, Kind::distinct, 1, best);
    add("expected" + of + "distinct/tensor:4", expected, phase, Kind::distinct, 4, best);
    for (const InstructionSet set : available_instruction_sets()) {
      add("expected" + of + "dense/" + std::string(name(set)), expected, phase, Kind::dense, 1,
          set);
    }
  }
  return true;
}();

}  // namespace
