// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "efficiency/block_tables.hpp"
#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/efficiency/prepared_kernel.hpp"

namespace ridgepoint::efficiency {

/// The times of one class of kernels.
class PreparedKernel::Times {
 public:
  Times() = default;
  Times(const Times&) = delete;
  Times& operator=(const Times&) = delete;
  virtual ~Times() = default;
  virtual void times(const VaryingShapes& shapes, const ExpectedSpans& out,
                     InstructionSet set) const = 0;
};

/// So many points at once stay in the first-level cache with all that is worked out of them.
inline constexpr std::size_t kChunk = 256;

/// Points and what becomes of them on the way.
struct Chunk {
  std::size_t n;
  InstructionSet set;
  const double* size;
  const double* new_tokens;
  const double* context;
  std::array<std::array<double, kChunk>, PointFeatures::kSlots> log2_features;
  std::array<double, kChunk> kind;
  std::array<double, kChunk> seconds;     ///< by the form
  std::array<double, kChunk> correction;  ///< of ln time
  std::array<double, kChunk> least;       ///< floors that are no FloorLine
};

/// A band's classes as factors of seconds, the largest times last.
struct BandFactors {
  static constexpr std::size_t kMost = 4;
  struct Class {
    double below_s = 0;
    double low = 1;
    double high = 1;
  };
  Class largest;
  std::array<Class, kMost - 1> smaller{};  ///< the smallest times last; those unused hold nothing

  /// REQUIRES: no more than kMost classes.
  static BandFactors of(const Band& band);
};

/// No kernel is faster; seconds.
struct FloorLine {
  double of_size = 0;
  double fixed = 0;
};

/// A form over many points, then tables, floor and band.
class FormTimes : public PreparedKernel::Times {
 public:
  void times(const VaryingShapes& shapes, const ExpectedSpans& out, InstructionSet set) const final;

 protected:
  /// False where nothing is prepared for such tables or bands.
  bool prepare(const KernelProfile& kernel, const TableSetting& setting, const Shape& like);

  BlockTables tables_;
  FloorLine floor_;

 private:
  /// Features that vary, into the slots of the setting, and kinds.
  virtual void set_features(Chunk& chunk) const = 0;
  /// The form's seconds, and what of the correction is not in `tables_`.
  virtual void set_seconds(Chunk& chunk) const = 0;
  void finish(const Chunk& chunk, double* seconds, double* low, double* high) const;

  BandFactors band_;
};

/// Seconds of a blend's parts: their geometric mean by share. `run` sets the chunk's seconds by the
/// terms of one part.
template <class Terms>
struct BlendedTerms {
  double share;
  Terms terms;
};

struct LogBody {
  double share;
  const double* seconds;
  double* sum;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { sum[i] += share * log2(seconds[i]); }
};
struct ExponentBody {
  const double* sum;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { seconds[i] = exp2(sum[i]); }
};

template <class Terms, class Run>
void run_blend(const std::vector<BlendedTerms<Terms>>& parts, Chunk& chunk, const Run& run) {
  std::array<double, kChunk> sum{};
  for (const BlendedTerms<Terms>& part : parts) {
    run(part.terms, chunk);
    for_each_point(LogBody{part.share, chunk.seconds.data(), sum.data()}, chunk.n, chunk.set);
  }
  for_each_point(ExponentBody{sum.data(), chunk.seconds.data()}, chunk.n, chunk.set);
}

// Null where a kernel has tables or bands that nothing is prepared for.
using PreparedTimes = std::shared_ptr<const PreparedKernel::Times>;
PreparedTimes prepared_gemm(const KernelProfile& kernel, const DeviceFacts& device,
                            const Shape& like);
PreparedTimes prepared_elementwise(const KernelProfile& kernel, const DeviceFacts& device,
                                   const Shape& like);
PreparedTimes prepared_collective(const KernelProfile& kernel, const DeviceFacts& device,
                                  const Shape& like);
PreparedTimes prepared_decode(const KernelProfile& kernel, const DeviceFacts& device,
                              const Shape& like);
PreparedTimes prepared_prefill(const KernelProfile& kernel, const DeviceFacts& device,
                               const Shape& like);

}  // namespace ridgepoint::efficiency
