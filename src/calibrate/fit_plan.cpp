// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_plan.hpp"

namespace ridgepoint::calibrate {
namespace {

// Features of attention, in the order of the forms.
constexpr std::size_t kTokens = 0;  // new ones of a prompt; kept ones of a decode step
constexpr std::size_t kGrid = 1;    // batch · heads; of decode batch · kv heads
constexpr std::size_t kGroup = 2;   // query heads of a kv head
constexpr std::size_t kHeadDim = 3;
constexpr std::size_t kWindowKind = 4;
constexpr std::size_t kWindowFill = 5;  // of prompts
constexpr std::size_t kGroupKind = 5;   // of decode
constexpr std::size_t kWritten = 6;
constexpr std::size_t kAllTokens = 7;

constexpr AxisPlan kOnGroup{kGroup, 0, 1, 4};
constexpr AxisPlan kOnHeadDim{kHeadDim, 6, 1, 3};
constexpr AxisPlan kOnWindowKind{kWindowKind, 0, 1, 3, true};

/// Of all attention: chosen on configurations of heads that were left out.
FitPlan attention_plan() {
  return {.most_rows = 1500,
          .bending = 0.3,
          .size = 0.3,
          .slope = 0.03,
          .reweightings = 2,
          .starts = {1.3, 2.5, 5}};
}

FitPlan prefill_plan() {
  constexpr AxisPlan kFine{kTokens, 4, 1, 11};
  constexpr AxisPlan kCoarse{kTokens, 4, 2, 6};
  constexpr AxisPlan kOnGrid{kGrid, 0, 2, 8};
  constexpr std::size_t kSharpness = 12;
  FitPlan plan = attention_plan();
  plan.varied = kSharpness;
  plan.tables = {{kFine, kOnGrid, kOnWindowKind},
                 {kCoarse, kOnGroup, kOnWindowKind},
                 {kCoarse, kOnHeadDim},
                 {kOnGrid, kOnGroup},
                 {{kWindowFill, -1, 1, 6}, kOnHeadDim},
                 {{kWritten, 6, 1, 8}, {kAllTokens, 5, 3, 5}}};
  return plan;
}

FitPlan decode_plan() {
  constexpr AxisPlan kFine{kTokens, 4, 1, 14};
  constexpr AxisPlan kCoarse{kTokens, 4, 2, 8};
  constexpr AxisPlan kOnGrid{kGrid, 0, 2, 8};
  constexpr AxisPlan kOnGridCoarsely{kGrid, 0, 3, 5};
  constexpr AxisPlan kOnGroupKind{kGroupKind, 0, 1, 3, true};
  constexpr std::size_t kSharpness = 9;
  FitPlan plan = attention_plan();
  plan.varied = kSharpness;
  plan.tables = {{kCoarse, kOnGridCoarsely, kOnWindowKind},
                 {kCoarse, kOnGroupKind, kOnHeadDim},
                 {kOnGrid, kOnGroup, kOnWindowKind},
                 {kOnGrid, kOnHeadDim, kOnWindowKind},
                 {kFine, kOnWindowKind},
                 {kOnGroupKind, kOnHeadDim, kOnGridCoarsely}};
  return plan;
}

/// Latent attention has three features: tokens, heads, and the grid.
FitPlan latent_plan(std::size_t sharpness, std::size_t knots) {
  const AxisPlan tokens{0, 4, 2, knots};
  FitPlan plan = attention_plan();
  plan.varied = sharpness;
  plan.tables = {{tokens, {1, 0, 1, 8}}, {tokens, {2, 0, 3, 5}}};
  return plan;
}

/// Of element-wise kernels these two alone were better with a table, on groups left out.
bool wants_table(std::string_view kernel) {
  return kernel == "rmsnorm" || kernel == "gated_activation";
}

/// "vLLM_custom_eager" runs the kernels of "vLLM_custom_graph".
std::string in_graph(std::string kernel) {
  constexpr std::string_view kEager = "eager";
  const std::size_t at = kernel.find(kEager);
  return at == std::string::npos ? kernel : kernel.replace(at, kEager.size(), "graph");
}

/// m, n and k; tiles of seven sizes by the result's; padding of two widths by m.
FitPlan gemm_plan() {
  constexpr std::size_t kTiles = 7;
  constexpr std::size_t kWidths = 2;
  const AxisPlan rows{.feature = 0, .first = 0, .step = 2, .knots = 9};
  const AxisPlan columns{.feature = 1, .first = 5, .step = 2.2, .knots = 6};
  const AxisPlan depth{.feature = 2, .first = 5, .step = 2.2, .knots = 6};
  const AxisPlan few_rows{.feature = 0, .first = 0, .step = 5, .knots = 4};
  const AxisPlan size{.feature = 3, .first = 5, .step = 2.5, .knots = 3};
  FitPlan plan{.most_rows = 1500,
               .bending = 0.05,
               .clip = 0.6,
               .tables = {{rows, columns, depth}},
               .rises = true,
               .reweightings = 3};
  plan.tables.insert(plan.tables.end(), kTiles, {size});
  plan.tables.insert(plan.tables.end(), kWidths, {few_rows});
  return plan;
}

}  // namespace

const FitPlan& plan_of(efficiency::OperatorClass kind, std::string_view kernel) {
  static const FitPlan gemm = gemm_plan();
  static const FitPlan experts{.loss_scale = 0.08,
                               .most_rows = 1000,
                               .steps = {2.5, 2.5, 2.5},
                               .bending = 0.3,
                               .size = 0.3,
                               .clip = 0.4};
  // Knots at 2 and 8 ranks, which is what there is.
  static const FitPlan collective{
      .loss_scale = 0.08, .steps = {1, 2}, .bending = 0.05, .size = 0.15};
  static const FitPlan elementwise{.loss_scale = 0.08};
  static const FitPlan elementwise_table{
      .loss_scale = 0.08, .steps = {1, 1.5}, .bending = 1, .size = 0.5, .clip = 0.4};
  static const FitPlan prefill = prefill_plan();
  static const FitPlan decode = decode_plan();
  static const FitPlan latent_prefill = latent_plan(12, 6);
  static const FitPlan latent_decode = latent_plan(9, 8);
  static const FitPlan other{};
  if (kind == efficiency::OperatorClass::prefill_attention) return prefill;
  if (kind == efficiency::OperatorClass::decode_attention) return decode;
  if (kind == efficiency::OperatorClass::latent_prefill) return latent_prefill;
  if (kind == efficiency::OperatorClass::latent_decode) return latent_decode;
  if (kind == efficiency::OperatorClass::collective) return collective;
  if (kind == efficiency::OperatorClass::elementwise) {
    return wants_table(kernel) ? elementwise_table : elementwise;
  }
  if (kind == efficiency::OperatorClass::experts) return experts;
  return kind == efficiency::OperatorClass::gemm ? gemm : other;
}

std::string_view time_of_others(efficiency::OperatorClass kind, std::string_view stack) {
  const bool is_latent = kind == efficiency::OperatorClass::latent_prefill ||
                         kind == efficiency::OperatorClass::latent_decode;
  if (!is_latent || !stack.starts_with("vllm-0.14")) return "";
  return "its times hold 100 to 330 µs of the host, which servers with CUDA graphs do not wait for";
}

bool share_coefficients(const Measurement& row, const Measurement& other) {
  if (row.kind != efficiency::OperatorClass::collective || other.kind != row.kind ||
      other.source != row.source) {
    return false;
  }
  if (row.kernel.starts_with("nccl_")) {
    return other.kernel == row.kernel && other.stack == row.stack;
  }
  return other.kernel == "nccl_all_reduce" ||
         (other.kernel == in_graph(row.kernel) && other.stack == row.stack);
}

}  // namespace ridgepoint::calibrate
