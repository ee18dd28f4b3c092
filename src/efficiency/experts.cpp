// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "efficiency/experts_load.hpp"
#include "efficiency/experts_tiles.hpp"
#include "efficiency/forms.hpp"
#include "efficiency/operand_bytes.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The order of the coefficients below.
enum Coefficient : std::size_t {
  kLaunch,
  kRouting,
  kSerial,
  kExpert,
  kCompute,
  kTileRows,
  kFill,
  kSharpness,
  kMemory,
  kFewColumns,
  kKept,
  kCacheSpeed,
  kReread,
  kRereadShare,
  kLocalTraffic,
  kRemoteTraffic,
  kUnaligned,
  kGate,
};

constexpr std::array kFacts{
    CoefficientFacts{"launch_us", "µs", 1, 15, 200, "launches of the five to eight kernels"},
    CoefficientFacts{"routing_us", "µs", 0.02, 1, 20,
                     "routing and combining, reached over the first 16 tokens"},
    CoefficientFacts{"serial_us", "µs", 0.005, 0.5, 20, "of each 1024 of k, one tile alone"},
    CoefficientFacts{"expert_us", "µs", 0.001, 0.05, 5, "of each active expert, its scheduling"},
    CoefficientFacts{"compute", "", 0.05, 0.6, 1.1, "share of the dense peak that is reached"},
    CoefficientFacts{"tile_rows", "rows", 0.5, 20, 300, "that a tile costs beside its own"},
    CoefficientFacts{"fill_k", "", 1, 60, 1000, "of k, until the pipeline of a tile is full"},
    CoefficientFacts{"sharpness", "", 1, 3, 12, "of the maximum of compute and memory; 1: sum"},
    CoefficientFacts{"memory", "", 0.1, 0.8, 1.1, "share of the bandwidth that weights reach"},
    CoefficientFacts{"few_columns", "", 0.003, 0.2, 4,
                     "bandwidth lost with one column of tiles for each compute unit"},
    CoefficientFacts{"kept", "", 0.05, 0.7, 2,
                     "share of the cache within which operands stay from call to call"},
    CoefficientFacts{"cache_speed", "", 1, 4, 12, "bandwidth of the cache ÷ that of memory"},
    CoefficientFacts{"reread", "", 0.003, 0.3, 1,
                     "share of its weights that a further tile of an expert reads again …"},
    CoefficientFacts{"reread_above", "", 0.05, 0.5, 5,
                     "… where one expert's matrix is larger than this share of the cache"},
    CoefficientFacts{"local_traffic", "", 0.02, 0.5, 3,
                     "of rows (permutation, activation, sum), times what must move"},
    CoefficientFacts{"remote_traffic", "", 0.01, 0.5, 3,
                     "likewise of the rows of other devices that the kernels still carry"},
    CoefficientFacts{"unaligned", "", 0.1, 0.5, 4,
                     "slower second matmul where the split is no multiple of 16; Triton alone"},
    CoefficientFacts{"gate_us", "µs", 0.1, 10, 100, "choice of the experts; SGLang alone"}};

constexpr double kIntegerGroup = 32;  // of mixtures of experts in compressed-tensors

/// What the kernels have to do, whatever their coefficients. Numbers alone: the parts of `work`.
struct Work {
  double tokens;
  double rows;    ///< computed here
  double remote;  ///< rows that are carried but not computed
  double active;
  double height;
  double tiles;

  static constexpr std::size_t kNumbers = 6;
  static Work read(std::span<const double> x) { return {x[0], x[1], x[2], x[3], x[4], x[5]}; }
  void write(std::vector<double>& out) const {
    out.insert(out.end(), {tokens, rows, remote, active, height, tiles});
  }
};

Work work_of(const ExpertsShape& s, double height) {
  const ExpertLoad load(s);
  const double all = s.tokens * s.experts_per_token;
  return {s.tokens,      load.rows(), larger(all - load.rows(), 0),
          load.active(), height,      load.tiles(height)};
}

/// Of SGLang's benchmark: rows of other devices are computed by the first expert here.
Work benchmark_work_of(const ExpertsShape& s, const TileRule& rule) {
  const ExpertLoad load(s);
  const double rows = larger(load.tokens() * s.experts_per_token, load.rows());
  const double height = rule.step[step_at(rule, s, load.tokens())].height;
  const double tiles = load.tiles(height) + (rows - load.rows()) / height;
  return {load.tokens(), rows, 0, load.active(), height, tiles};
}

/// What of a kernel's rules the time depends on.
struct Kernel {
  OperandBytes bytes;
  bool is_triton;
  bool gates;  ///< chooses the experts inside the timed region
};

/// One byte where it is not known: nothing stays.
double cache_of(const DeviceFacts& device) { return larger(device.cache_bytes, 1); }

/// Share of the traffic that is left to memory, in its time, where `bytes` may stay in a cache.
double uncached(double bytes, std::span<const double> x, double cache_bytes) {
  const double share = bytes / (cache_bytes * x[kKept]);
  const double squared = share * share;
  const double steep = squared * squared * (squared * squared);
  constexpr double kMost = 1e12;
  const double cold = smaller(steep, kMost) / (1 + smaller(steep, kMost));
  return cold + (1 - cold) / x[kCacheSpeed];
}

/// Bytes of one of the experts' matrices over all tiles: each active expert's once, and a share
/// again for each further tile where the matrix outgrows the cache.
double weight_traffic(double bytes, const Work& work, std::span<const double> x,
                      const DeviceFacts& device) {
  const double size = bytes / (cache_of(device) * x[kRereadShare]);
  const double outgrown = size * size / (1 + size * size);
  return bytes * (work.active + x[kReread] * outgrown * larger(work.tiles - work.active, 0));
}

/// Both matmuls: the maximum of compute and memory, rounded.
double matmul_seconds(std::span<const double> x, const DeviceFacts& device, const Kernel& kernel,
                      const ExpertsShape& s, const Work& work) {
  constexpr double kAligned = 16;
  const double inner = s.intermediate / s.tensor_parallel;
  const double wide = s.matrices_up * inner;
  const bool is_aligned = std::ceil(inner / kAligned) * kAligned == inner;
  const double slow = kernel.is_triton && !is_aligned ? 1 + x[kUnaligned] : 1;
  const double of_a_row = 2 * ((s.hidden + x[kFill]) * wide + (inner + x[kFill]) * s.hidden * slow);
  const double compute =
      of_a_row * work.tiles * (work.height + x[kTileRows]) / (device.flops_per_s * x[kCompute]);

  const double up = s.hidden * wide * kernel.bytes.weight;
  const double down = s.hidden * inner * kernel.bytes.weight;
  constexpr double kHalf = 2;  // bytes of what passes between the matmuls
  const double footprint = (up + down * slow) * work.active + work.rows * (s.hidden + wide) * kHalf;
  const double traffic =
      weight_traffic(up, work, x, device) + weight_traffic(down * slow, work, x, device);
  constexpr double kColumns = 256;  // of a tile, and a second one in flight
  const double columns = work.active * (wide + s.hidden) / (kColumns * device.compute_units);
  const double kept = larger(device.kept_cache_bytes(), 1);
  const double memory = traffic * uncached(footprint, x, kept) * (1 + x[kFewColumns] / columns) /
                        (device.bytes_per_s * x[kMemory]);

  const double more = larger(compute, memory);
  const double ratio = larger(smaller(compute, memory) / more, 1e-9);
  return more * pow(1 + pow(ratio, x[kSharpness]), 1 / x[kSharpness]);
}

/// Permutation, activation and sum of rows.
double row_seconds(std::span<const double> x, const DeviceFacts& device, const Kernel& kernel,
                   const ExpertsShape& s, const Work& work) {
  const double inner = s.intermediate / s.tensor_parallel;
  const double between = inner * (s.matrices_up + 1) * 2;  // written by the matmul, read, written
  const double local = work.rows * (s.hidden * (kernel.bytes.activation + 4) + between +
                                    2 * inner * kernel.bytes.activation) +
                       work.tokens * s.hidden * 4;
  const double remote = work.remote * (s.hidden * 4 + (kernel.is_triton ? between : 0));
  return (x[kLocalTraffic] * local + x[kRemoteTraffic] * remote) *
         uncached(local + remote, x, cache_of(device)) / device.bytes_per_s;
}

double seconds_of(std::span<const double> x, const DeviceFacts& device, const Kernel& kernel,
                  const ExpertsShape& s, const Work& work) {
  constexpr double kMicro = 1e-6;
  constexpr double kFirstTokens = 15;
  const double inner = s.intermediate / s.tensor_parallel;
  const double begun = larger(0, work.tokens - 1) / (work.tokens + kFirstTokens);
  const double fixed = x[kLaunch] + (kernel.gates ? x[kGate] : 0) + x[kRouting] * begun +
                       x[kSerial] * (s.hidden + inner) / 1024 + x[kExpert] * work.active;
  return kMicro * fixed + matmul_seconds(x, device, kernel, s, work) +
         row_seconds(x, device, kernel, s, work);
}

/// Whether the kernel is Triton's, then its work with each height of tiles up to the one that it
/// chooses, each lower one at its last number of tokens.
std::vector<double> work(const KernelTypes& types, const Shape& any) {
  const auto& s = std::get<ExpertsShape>(any);
  const TileRule& rule = tile_rule(types);
  std::vector<double> out{rule.is_triton ? 1.0 : 0.0};
  if (s.remote_rows_on_first) {
    benchmark_work_of(s, rule).write(out);
    return out;
  }
  const std::size_t step = step_at(rule, s, s.tokens);
  work_of(s, rule.step[step].height).write(out);
  ExpertsShape earlier = s;
  for (std::size_t i = 0; i < step; ++i) {
    earlier.tokens = last_tokens(rule, s, i);
    work_of(earlier, rule.step[i].height).write(out);
  }
  return out;
}

/// More tokens are never faster: with higher tiles no faster than with the lower ones at their last
/// number of tokens.
double seconds_of_work(std::span<const double> x, const DeviceFacts& device,
                       const KernelTypes& types, const Shape& any, std::span<const double> work) {
  const auto& s = std::get<ExpertsShape>(any);
  const bool is_sglang = types.stack.starts_with("sglang");
  const Kernel kernel{operand_bytes(types.compute, kIntegerGroup), work[0] > 0,
                      is_sglang && !s.remote_rows_on_first};
  double most = 0;
  for (work = work.subspan(1); !work.empty(); work = work.subspan(Work::kNumbers)) {
    most = larger(most, seconds_of(x, device, kernel, s, Work::read(work)));
  }
  return most;
}

double seconds(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& shape) {
  return seconds_of_work(x, device, types, shape, work(types, shape));
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<ExpertsShape>(any);
  const ExpertLoad load(s);
  return {log2(load.rows() / load.active()), log2(s.intermediate / s.tensor_parallel),
          log2(load.active())};
}

}  // namespace

const Form& experts_form() {
  static constexpr Form kForm{.kind = OperatorClass::experts,
                              .coefficients = kFacts,
                              .seconds = seconds,
                              .features = features,
                              .work = work,
                              .seconds_of_work = seconds_of_work};
  return kForm;
}

}  // namespace ridgepoint::efficiency
