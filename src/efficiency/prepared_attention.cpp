// SPDX-License-Identifier: Apache-2.0
#include "efficiency/decode_terms.hpp"
#include "efficiency/prefill_terms.hpp"
#include "efficiency/prepared_times.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The feature that both forms have at this place: 0 without a window, 1 inside, 2 past it.
constexpr std::size_t kWindowKind = 4;

TableSetting setting_of(OperatorClass kind, const AttentionShape& like) {
  TableSetting setting;
  setting.log2_features = form(kind).features(like);
  setting.kind_feature = kWindowKind;
  if (like.window > 0) setting.kinds = {1, 2};
  return setting;
}

struct DecodeFeatures {
  double window;
  double kv_heads;
  const double* batch;
  const double* context;
  double* log2_kept;
  double* log2_heads;
  double* kind;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    log2_kept[i] = log2(smaller(context[i], window));
    log2_heads[i] = log2(batch[i] * kv_heads);
    kind[i] = context[i] > window ? 1 : 0;
  }
};

template <bool kHasCache>
struct DecodeBody {
  DecodeTerms terms;
  const double* batch;
  const double* context;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = terms.at(batch[i], context[i], kHasCache);
  }
};

struct DecodeFloor {
  double of_key;
  double window;
  const double* batch;
  const double* context;
  double* least;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    least[i] = of_key * (batch[i] * smaller(context[i], window));
  }
};

struct DecodeForm {
  using Terms = DecodeTerms;
  static constexpr OperatorClass kKind = OperatorClass::decode_attention;

  static Terms terms(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
                     const AttentionShape& like) {
    return DecodeTerms::of(x, device, like, DecodeRules::of(types, like));
  }
  static std::vector<VaryingFeature> varying(const AttentionShape& /*like*/) {
    return {{0, 0}, {1, 1}};
  }
  static void set_features(const Terms& terms, const AttentionShape& like, Chunk& chunk) {
    for_each_point(DecodeFeatures{terms.window, like.kv_heads, chunk.size, chunk.context,
                                  chunk.log2_features[0].data(), chunk.log2_features[1].data(),
                                  chunk.kind.data()},
                   chunk.n, chunk.set);
  }
  static void run(const Terms& terms, Chunk& chunk) {
    if (terms.has_cache) {
      for_each_point(DecodeBody<true>{terms, chunk.size, chunk.context, chunk.seconds.data()},
                     chunk.n, chunk.set);
    } else {
      for_each_point(DecodeBody<false>{terms, chunk.size, chunk.context, chunk.seconds.data()},
                     chunk.n, chunk.set);
    }
  }
  static void set_floor(const Terms& terms, Chunk& chunk) {
    for_each_point(DecodeFloor{terms.floor_of_key, terms.window, chunk.size, chunk.context,
                               chunk.least.data()},
                   chunk.n, chunk.set);
  }
};

struct PrefillFeatures {
  double log2_heads;
  const double* batch;
  const double* new_tokens;
  double* log2_new;
  double* log2_all_heads;
  double* log2_tokens;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double log2_batch = log2(batch[i]);
    log2_new[i] = log2(new_tokens[i]);
    log2_all_heads[i] = log2_batch + log2_heads;
    log2_tokens[i] = log2_batch + log2_new[i];
  }
};

/// As window_fill of the form, of shapes with a window.
struct WindowFeatures {
  double window;
  const double* context;
  double* fill;
  double* kind;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    constexpr double kNone = -1;
    constexpr double kMost = 4;
    fill[i] = smaller(larger(log2(context[i] / window), kNone), kMost);
    kind[i] = context[i] > window ? 1 : 0;
  }
};

struct PrefillBody {
  PrefillTerms terms;
  const double* batch;
  const double* new_tokens;
  const double* context;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = terms.at(batch[i], new_tokens[i], context[i]);
  }
};

struct PrefillForm {
  using Terms = PrefillTerms;
  static constexpr OperatorClass kKind = OperatorClass::prefill_attention;

  static Terms terms(std::span<const double> x, const DeviceFacts& device, const KernelTypes& types,
                     const AttentionShape& like) {
    return PrefillTerms::of(x, device, PrefillRules::of(types), like,
                            like.kv_heads * like.head_dim);
  }
  static std::vector<VaryingFeature> varying(const AttentionShape& like) {
    constexpr std::size_t kFill = 5;
    constexpr std::size_t kTokens = 7;
    std::vector<VaryingFeature> features{{0, 0}, {1, 1}, {kTokens, 2}};
    if (like.window > 0) features.push_back({kFill, 3});
    return features;
  }
  static void set_features(const Terms& /*terms*/, const AttentionShape& like, Chunk& chunk) {
    for_each_point(PrefillFeatures{log2(like.query_heads), chunk.size, chunk.new_tokens,
                                   chunk.log2_features[0].data(), chunk.log2_features[1].data(),
                                   chunk.log2_features[2].data()},
                   chunk.n, chunk.set);
    if (!(like.window > 0)) return;
    for_each_point(WindowFeatures{like.window, chunk.context, chunk.log2_features[3].data(),
                                  chunk.kind.data()},
                   chunk.n, chunk.set);
  }
  static void run(const Terms& terms, Chunk& chunk) {
    for_each_point(
        PrefillBody{terms, chunk.size, chunk.new_tokens, chunk.context, chunk.seconds.data()},
        chunk.n, chunk.set);
  }
  static void set_floor(const Terms& /*terms*/, Chunk& /*chunk*/) {}
};

template <class AttentionForm>
class AttentionTimes final : public FormTimes {
 public:
  using Terms = typename AttentionForm::Terms;

  AttentionTimes(const KernelProfile& kernel, const DeviceFacts& device, const AttentionShape& like)
      : like_(like),
        terms_(AttentionForm::terms(kernel.coefficients, device, kernel.types(), like)) {
    for (const Blended& part : kernel.blend) {
      parts_.push_back(
          {part.share, AttentionForm::terms(part.coefficients, device, kernel.types(), like)});
    }
  }
  bool prepare_tables(const KernelProfile& kernel) {
    TableSetting setting = setting_of(AttentionForm::kKind, like_);
    setting.varying = AttentionForm::varying(like_);
    if (!prepare(kernel, setting, like_)) return false;
    tables_.finish();
    return true;
  }

 private:
  void set_features(Chunk& chunk) const override {
    AttentionForm::set_features(terms_, like_, chunk);
  }
  void set_seconds(Chunk& chunk) const override {
    if (parts_.empty()) {
      AttentionForm::run(terms_, chunk);
    } else {
      run_blend(parts_, chunk, AttentionForm::run);
    }
    AttentionForm::set_floor(terms_, chunk);
  }

  AttentionShape like_;
  Terms terms_;
  std::vector<BlendedTerms<Terms>> parts_;
};

template <class AttentionForm>
PreparedTimes prepared_attention(const KernelProfile& kernel, const DeviceFacts& device,
                                 const Shape& like) {
  auto made = std::make_shared<AttentionTimes<AttentionForm>>(kernel, device,
                                                              std::get<AttentionShape>(like));
  return made->prepare_tables(kernel) ? made : nullptr;
}

}  // namespace

PreparedTimes prepared_decode(const KernelProfile& kernel, const DeviceFacts& device,
                              const Shape& like) {
  return prepared_attention<DecodeForm>(kernel, device, like);
}
PreparedTimes prepared_prefill(const KernelProfile& kernel, const DeviceFacts& device,
                               const Shape& like) {
  return prepared_attention<PrefillForm>(kernel, device, like);
}

}  // namespace ridgepoint::efficiency
