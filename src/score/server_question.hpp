// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/score/server_runs.hpp"

namespace ridgepoint::score {

/// What is measured of a server.
enum class Metric { ttft, tpot, e2e };
inline constexpr std::array kMetrics{Metric::ttft, Metric::tpot, Metric::e2e};
constexpr std::string_view name(Metric metric) {
  if (metric == Metric::ttft) return "ttft";
  return metric == Metric::tpot ? "tpot" : "e2e";
}
constexpr std::size_t index_of(Metric metric) { return static_cast<std::size_t>(metric); }

/// Batches that start together, or requests that follow each other at a given concurrency.
enum class ServingKind { static_batch, steady };
Result<ServingKind> serving_kind(const ServerRun& run);

/// tp, pp, ep and dp; what is not given is 1, tp what the devices leave. Models without experts
/// share none. Errors: no number of devices, sizes that do not make it.
Result<predict::Parallelism> layout_of(const ServerRun& run, bool has_experts);

/// Sequences that a replica works on. Errors: neither a batch nor a concurrency.
Result<std::int64_t> replica_batch(const ServerRun& run, std::int64_t replicas);

/// "llama-2-70b fp16, TP 8, batch 16, isl 512, osl 128, static_batch"
std::string describe(const ServerRun& run);

}  // namespace ridgepoint::score
