// SPDX-License-Identifier: Apache-2.0
// Laws that hold whatever the shape, the kernel and its coefficients.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "efficiency/experts_load.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr double kRounding = 1e-9;

double number_in(int low, int high) { return *rc::gen::inRange(low, high + 1); }

/// 1 … 65536, as many in each octave.
double tokens_in_octaves() {
  return std::floor(std::exp2(static_cast<double>(*rc::gen::inRange(0, 16000)) / 1000));
}

ExpertsShape any_shape(ExpertRouting routing) {
  ExpertsShape s;
  s.tokens = tokens_in_octaves();
  s.hidden = 16 * number_in(1, 500);
  s.intermediate = 8 * number_in(1, 2000);
  s.expert_parallel = std::exp2(number_in(0, 7));
  s.experts = s.expert_parallel * number_in(1, 16);
  s.experts_per_token = std::min(s.experts, number_in(1, 22));
  s.tensor_parallel = std::exp2(number_in(0, 4));
  s.skew = number_in(0, 250) / 100;
  s.routing = routing;
  s.matrices_up = number_in(1, 2);
  return s;
}

ExpertRouting any_routing() {
  return *rc::gen::element(ExpertRouting::random, ExpertRouting::balanced,
                           ExpertRouting::power_law);
}

KernelTypes any_kernel() {
  return *rc::gen::element(
      KernelTypes{"bf16", "", "vllm-0.24.0", "vllm_unquantizedfusedmoe_triton_tritonexperts"},
      KernelTypes{"fp8_block", "", "vllm-0.24.0", "vllm_fp8moe_triton_tritonexperts"},
      KernelTypes{"fp8", "", "vllm-0.24.0", "vllm_modeloptfp8moe_flashinfer_cutlass"},
      KernelTypes{"nvfp4", "", "vllm-0.24.0", "vllm_w4a4nvfp4moe_flashinfer_trtllm"},
      KernelTypes{"int4_wo", "", "vllm-0.24.0", "vllm_wna16marlinmoe_marlin"},
      KernelTypes{"bf16", "", "sglang-0.5.10", "sglang_fused_moe_triton"},
      KernelTypes{"bf16", "", "vllm-0.14.0", "vllm_fused_moe"}, KernelTypes{"bf16", "", "", ""});
}

std::vector<double> any_coefficients() {
  std::vector<double> values;
  for (const CoefficientFacts& facts : experts_form().coefficients) {
    const double share = static_cast<double>(*rc::gen::inRange(0, 1001)) / 1000;
    values.push_back(facts.least * std::pow(facts.most / facts.least, share));
  }
  return values;
}

DeviceFacts any_device() {
  return {.flops_per_s = number_in(10, 5000) * 1e12,
          .bytes_per_s = number_in(100, 9000) * 1e9,
          .compute_units = number_in(1, 200),
          .cache_bytes = number_in(0, 200) * 1e6};
}

RC_GTEST_PROP(ExpertLoadLaw, HasNoMoreActiveExpertsThanItsOwnAndNoMoreThanRows, ()) {
  const ExpertsShape s = any_shape(any_routing());
  const ExpertLoad load(s);
  RC_ASSERT(load.active() > 0);
  RC_ASSERT(load.active() <= s.experts / s.expert_parallel * (1 + kRounding));
  RC_ASSERT(load.active() <= load.rows() * (1 + kRounding));
  RC_ASSERT(load.tokens() <= s.tokens * (1 + kRounding));
}

RC_GTEST_PROP(ExpertLoadLaw, HasATileForEachActiveExpertAndRoomForAllRows, ()) {
  const ExpertsShape s =
      any_shape(*rc::gen::element(ExpertRouting::random, ExpertRouting::balanced));
  const ExpertLoad load(s);
  const double height = *rc::gen::element(8, 16, 32, 48, 64, 128);
  constexpr double kApproximation = 0.01;
  RC_ASSERT(load.tiles(height) >= load.active() * (1 - kRounding));
  RC_ASSERT(load.tiles(height) * height >= load.rows() * (1 - kApproximation));
  RC_ASSERT(load.tiles(2 * height) <= load.tiles(height) * (1 + kApproximation));
}

RC_GTEST_PROP(ExpertLoadLaw, HasNoFewerRowsThanTheMeanOfTheDevices, ()) {
  const ExpertsShape s = any_shape(any_routing());
  const double mean = s.tokens * s.experts_per_token / s.expert_parallel;
  RC_ASSERT(ExpertLoad(s).rows() >= mean * (1 - kRounding));
}

RC_GTEST_PROP(ExpertsLaw, TimesAreFiniteAndAboveZero, ()) {
  ExpertsShape s = any_shape(any_routing());
  s.remote_rows_on_first = *rc::gen::arbitrary<bool>();
  const double seconds = experts_form().seconds(any_coefficients(), any_device(), any_kernel(), s);
  RC_ASSERT(std::isfinite(seconds) && seconds > 0);
}

RC_GTEST_PROP(ExpertsLaw, FeaturesAreFinite, ()) {
  for (const double feature : experts_form().features(any_shape(any_routing()))) {
    RC_ASSERT(std::isfinite(feature));
  }
}

// Of drawn popularities the law holds but for the draws: with as many rows as experts the density
// is another one, and fewer experts are begun than just before.
RC_GTEST_PROP(ExpertsLaw, MoreTokensAreNeverFaster, ()) {
  ExpertsShape s = any_shape(*rc::gen::element(ExpertRouting::random, ExpertRouting::balanced));
  const auto coefficients = any_coefficients();
  const DeviceFacts device = any_device();
  const KernelTypes types = any_kernel();
  const double fewer = experts_form().seconds(coefficients, device, types, s);
  s.tokens += *rc::gen::element(1.0, 2.0, 7.0, 100.0, 1e4);
  const double more = experts_form().seconds(coefficients, device, types, s);
  RC_ASSERT(more >= fewer * (1 - kRounding));
}

RC_GTEST_PROP(ExpertsLaw, MoreBandwidthComputeOrCacheAreNeverSlower, ()) {
  const ExpertsShape s = any_shape(any_routing());
  const auto coefficients = any_coefficients();
  const KernelTypes types = any_kernel();
  const DeviceFacts device = any_device();
  const double before = experts_form().seconds(coefficients, device, types, s);
  const double factor = 1 + number_in(1, 300) / 100;
  for (double DeviceFacts::* figure :
       {&DeviceFacts::flops_per_s, &DeviceFacts::bytes_per_s, &DeviceFacts::cache_bytes}) {
    DeviceFacts better = device;
    better.*figure *= factor;
    RC_ASSERT(experts_form().seconds(coefficients, better, types, s) <= before * (1 + kRounding));
  }
}

RC_GTEST_PROP(ExpertsLaw, ThePartsMakeTheWhole, ()) {
  const Shape s = any_shape(any_routing());
  const auto coefficients = any_coefficients();
  const KernelTypes types = any_kernel();
  const DeviceFacts device = any_device();
  const Form& form = experts_form();
  RC_ASSERT(form.seconds(coefficients, device, types, s) ==
            form.seconds_of_work(coefficients, device, types, s, form.work(types, s)));
}

}  // namespace
}  // namespace ridgepoint::efficiency
