// SPDX-License-Identifier: Apache-2.0
// Points a second of a sweep, prefill and decode of each with every operator: Llama 2 13B on an
// H100, reduced to the best of those that fit, on all cores. Aims: 100 million by the bound, 10
// million by expected times.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <thread>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace {

using namespace ridgepoint;
using explore::Space;
using predict::Reading;

std::vector<std::int64_t> steps(std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 1; i <= count; ++i) all.push_back(first * i);
  return all;
}

/// 250 batches, 50 prompts, 100 answers, four splits: 5 million points.
Space dense_space() {
  explore::Axes axes;
  axes.models = {{"llama-2-13b", catalog::find_model("llama-2-13b").value()}};
  const auto h100 = catalog::find_device("h100-sxm").value();
  axes.devices = {{"h100-sxm", h100, catalog::calibration_of(h100).value()}};
  axes.tensor = {1, 2, 4, 8};
  axes.batch = steps(1, 250);
  axes.input = steps(64, 50);
  axes.output = steps(16, 100);
  return Space::of(std::move(axes)).value();
}

/// As people sweep: 13 batches, 11 prompts, 8 answers, on 96 deployments.
Space coarse_space() {
  explore::Axes axes;
  axes.models = {{"llama-2-13b", catalog::find_model("llama-2-13b").value()},
                 {"llama-3.1-8b", catalog::find_model("llama-3.1-8b").value()}};
  for (const char* name : {"h100-sxm", "a100-sxm-80gb", "l40s"}) {
    const auto device = catalog::find_device(name).value();
    axes.devices.push_back({name, device, catalog::calibration_of(device).value()});
  }
  axes.tensor = {1, 2, 4, 8};
  axes.pipeline = {1, 2};
  axes.kv_cache = {std::nullopt, DataType::fp8};
  for (std::int64_t i = 1; i <= 4096; i *= 2) axes.batch.push_back(i);
  axes.input = {};
  for (std::int64_t i = 128; i <= 131072; i *= 2) axes.input.push_back(i);
  axes.output = {16, 32, 64, 128, 256, 512, 1024, 2048};
  return Space::of(std::move(axes)).value();
}

/// What is kept beside the best points.
enum class Kept { best, front, map, histogram };
constexpr std::array<const char*, 4> kKept{"best", "front", "map", "histogram"};

void run(benchmark::State& state, const Space& space, Reading reading, Kept kept) {
  explore::SweepQuestion question;
  question.reading = reading;
  question.threads = std::thread::hardware_concurrency();
  if (kept == Kept::map) question.grids = {{{explore::Axis::batch, explore::Axis::input}}};
  if (kept == Kept::histogram) question.histogram = explore::Metric::tpot;
  if (kept == Kept::front) {
    question.front = explore::parse_objectives("tpot,throughput_per_device,cost", "").value();
  }
  constexpr double kAnyTime = 1e9;
  std::uint64_t evaluated = 0;
  for (auto _ : state) {
    explore::SweepState found;
    explore::continue_sweep(space, question, found, kAnyTime);
    evaluated = found.counts.evaluated;
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(evaluated));
}

[[maybe_unused]] const bool registered = [] {
  for (const Reading reading : {Reading::floor, Reading::bound, Reading::expected}) {
    for (const Kept kept : {Kept::best, Kept::front, Kept::map, Kept::histogram}) {
      const std::string kind =
          std::string(name(reading)) + "/" + kKept[static_cast<std::size_t>(kept)];
      benchmark::RegisterBenchmark(
          ("sweep/dense/" + kind).c_str(),
          [=](benchmark::State& state) { run(state, dense_space(), reading, kept); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(
          ("sweep/coarse/" + kind).c_str(),
          [=](benchmark::State& state) { run(state, coarse_space(), reading, kept); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
