// SPDX-License-Identifier: Apache-2.0
// Any bytes as a profile: kernels whose times are numbers, or faults. What is read is written and
// read again.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace {

using namespace ridgepoint;

efficiency::Shape shape_of(efficiency::OperatorClass kind) {
  using efficiency::OperatorClass;
  switch (kind) {
    case OperatorClass::gemm:
      return efficiency::GemmShape{17, 4096, 1024};
    case OperatorClass::prefill_attention:
      return efficiency::AttentionShape{2, 100, 300, 8, 2, 128, 64};
    case OperatorClass::decode_attention:
      return efficiency::AttentionShape{64, 1, 3000, 8, 2, 128, 0};
    case OperatorClass::latent_prefill:
      return efficiency::LatentAttentionShape{2, 100, 300, 16};
    case OperatorClass::latent_decode:
      return efficiency::LatentAttentionShape{64, 1, 3000, 16};
    case OperatorClass::experts:
      return efficiency::ExpertsShape{100, 2048, 768, 8, 128};
    case OperatorClass::collective:
      return efficiency::CollectiveShape{efficiency::CollectiveKind::all_reduce, 8, 1e6};
    case OperatorClass::elementwise:
      break;
  }
  return efficiency::ElementwiseShape{efficiency::ElementwiseKind::norm, 100, 4096};
}

constexpr efficiency::DeviceFacts kDevice{.flops_per_s = 1e15,
                                          .bytes_per_s = 3e12,
                                          .compute_units = 132,
                                          .cache_bytes = 5e7,
                                          .clock_hz = 1.8e9,
                                          .power_watts = 700,
                                          .link_bytes_per_s = 4.5e11,
                                          .has_link = true,
                                          .reduces_in_switch = true,
                                          .link_domain = 8,
                                          .link_generation = 4,
                                          .fp8_flops_per_s = 2e15,
                                          .network_bytes_per_s = 5e10};

void check(const efficiency::KernelProfile& kernel) {
  const auto time = efficiency::expected_time(kernel, kDevice, shape_of(kernel.kind));
  require(std::isfinite(time.seconds) && time.seconds > 0, "a time is a number above 0");
  require(time.low <= time.seconds && time.seconds <= time.high, "a band holds the time");
  require(std::isfinite(time.high), "a band has an end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto profile = efficiency::read_profile(text, "profile.json");
  if (!profile) {
    require(!profile.error().empty(), "a failure has a fault");
    for (const Diagnostic& fault : profile.error()) {
      require(fault.where.starts_with("profile.json"), "a fault names its file");
      require(!fault.what.empty(), "a fault says what is wrong");
      require(!fault.help.empty(), "a fault says what to do");
      require(first_stray_byte(fault.what) == std::string_view::npos, "a fault is valid UTF-8");
    }
    return 0;
  }
  require(!profile->kernels.empty(), "a profile has a kernel");
  for (const efficiency::KernelProfile& kernel : profile->kernels) check(kernel);
  const std::string written = efficiency::write_profile(*profile);
  const auto again = efficiency::read_profile(written, "profile.json");
  require(again.has_value(), "what is written is read");
  require(efficiency::write_profile(*again) == written, "what is read is written the same");
  return 0;
}
