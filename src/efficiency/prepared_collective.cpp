// SPDX-License-Identifier: Apache-2.0
#include "efficiency/collective_terms.hpp"
#include "efficiency/prepared_times.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

struct FeatureBody {
  CollectiveTerms terms;
  const double* bytes;
  double* log2_bytes;
  double* kind;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    log2_bytes[i] = log2(larger(bytes[i], 1));
    kind[i] = terms.algorithm(bytes[i]);
  }
};

template <bool kIsEager>
struct SecondsBody {
  CollectiveTerms terms;
  const double* bytes;
  const double* log2_bytes;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = terms.at(bytes[i], log2_bytes[i], kIsEager);
  }
};

class CollectiveTimes final : public FormTimes {
 public:
  CollectiveTimes(const KernelProfile& kernel, const DeviceFacts& device,
                  const CollectiveShape& like)
      : terms_(CollectiveTerms::of(kernel.coefficients, device, kernel.types(), like)) {
    for (const Blended& part : kernel.blend) {
      parts_.push_back(
          {part.share, CollectiveTerms::of(part.coefficients, device, kernel.types(), like)});
    }
  }
  bool prepare_tables(const KernelProfile& kernel, const Shape& like) {
    TableSetting setting;
    setting.log2_features = form(OperatorClass::collective).features(like);
    setting.varying = {{0, 0}};
    setting.kinds_are_algorithms = true;
    setting.kinds.clear();
    for (int i = 0; i < CollectiveTerms::kAlgorithms; ++i) setting.kinds.push_back(i);
    return prepare(kernel, setting, like);
  }

 private:
  void set_features(Chunk& chunk) const override {
    for_each_point(
        FeatureBody{terms_, chunk.size, chunk.log2_features[0].data(), chunk.kind.data()}, chunk.n,
        chunk.set);
  }
  void set_seconds(Chunk& chunk) const override {
    if (parts_.empty()) {
      run(terms_, chunk);
    } else {
      run_blend(parts_, chunk, run);
    }
  }
  static void run(const CollectiveTerms& terms, Chunk& chunk) {
    if (terms.is_eager) {
      run_as<true>(terms, chunk);
    } else {
      run_as<false>(terms, chunk);
    }
  }
  template <bool kIsEager>
  static void run_as(const CollectiveTerms& terms, Chunk& chunk) {
    for_each_point(SecondsBody<kIsEager>{terms, chunk.size, chunk.log2_features[0].data(),
                                         chunk.seconds.data()},
                   chunk.n, chunk.set);
  }

  CollectiveTerms terms_;
  std::vector<BlendedTerms<CollectiveTerms>> parts_;
};

}  // namespace

PreparedTimes prepared_collective(const KernelProfile& kernel, const DeviceFacts& device,
                                  const Shape& like) {
  auto made = std::make_shared<CollectiveTimes>(kernel, device, std::get<CollectiveShape>(like));
  return made->prepare_tables(kernel, like) ? made : nullptr;
}

}  // namespace ridgepoint::efficiency
