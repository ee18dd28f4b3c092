// SPDX-License-Identifier: Apache-2.0
#include "efficiency/elementwise_terms.hpp"
#include "efficiency/prepared_times.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

struct FeatureBody {
  const double* rows;
  double* log2_rows;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { log2_rows[i] = log2(rows[i]); }
};

template <bool kIsHosted>
struct SecondsBody {
  ElementwiseTerms terms;
  const double* rows;
  const double* log2_rows;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = terms.at(rows[i], log2_rows[i], kIsHosted);
  }
};

class ElementwiseTimes final : public FormTimes {
 public:
  ElementwiseTimes(const KernelProfile& kernel, const DeviceFacts& device,
                   const ElementwiseShape& like)
      : terms_(ElementwiseTerms::of(kernel.coefficients, device, kernel.types(), like)) {
    for (const Blended& part : kernel.blend) {
      parts_.push_back(
          {part.share, ElementwiseTerms::of(part.coefficients, device, kernel.types(), like)});
    }
  }
  bool prepare_tables(const KernelProfile& kernel, const Shape& like) {
    TableSetting setting;
    setting.log2_features = form(OperatorClass::elementwise).features(like);
    setting.varying = {{0, 0}};
    return prepare(kernel, setting, like);
  }

 private:
  void set_features(Chunk& chunk) const override {
    for_each_point(FeatureBody{chunk.size, chunk.log2_features[0].data()}, chunk.n, chunk.set);
  }
  void set_seconds(Chunk& chunk) const override {
    if (parts_.empty()) {
      run(terms_, chunk);
    } else {
      run_blend(parts_, chunk, run);
    }
  }
  static void run(const ElementwiseTerms& terms, Chunk& chunk) {
    if (terms.is_hosted) {
      run_as<true>(terms, chunk);
    } else {
      run_as<false>(terms, chunk);
    }
  }
  template <bool kIsHosted>
  static void run_as(const ElementwiseTerms& terms, Chunk& chunk) {
    for_each_point(SecondsBody<kIsHosted>{terms, chunk.size, chunk.log2_features[0].data(),
                                          chunk.seconds.data()},
                   chunk.n, chunk.set);
  }

  ElementwiseTerms terms_;
  std::vector<BlendedTerms<ElementwiseTerms>> parts_;
};

}  // namespace

PreparedTimes prepared_elementwise(const KernelProfile& kernel, const DeviceFacts& device,
                                   const Shape& like) {
  auto made = std::make_shared<ElementwiseTimes>(kernel, device, std::get<ElementwiseShape>(like));
  return made->prepare_tables(kernel, like) ? made : nullptr;
}

}  // namespace ridgepoint::efficiency
