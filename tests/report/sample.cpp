// SPDX-License-Identifier: Apache-2.0
#include "report/sample.hpp"

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::report::test {

hardware::Device sample_device() {
  hardware::Device device;
  device.name = "sample-device";
  device.title = "Sample Accelerator 80GB";
  device.origin = "sample.json";
  const auto peak = [](DataType type, double rate) {
    return hardware::DensePeak{type, {FlopsPerSecond(rate), "a datasheet", ""}};
  };
  device.dense_peaks = {peak(DataType::bf16, 989.4e12), peak(DataType::fp16, 989.4e12),
                        peak(DataType::fp8, 1978.9e12), peak(DataType::int8, 1978.9e12)};
  device.memory_bandwidth = {BytesPerSecond(3.35e12), "a datasheet", ""};
  device.memory_capacity_bytes = {80'000'000'000, "a datasheet", "decimal gigabytes"};
  return device;
}

model::Architecture sample_architecture() {
  model::Architecture architecture;
  architecture.name = "sample-13b";
  architecture.family = "llama";
  architecture.origin = "config.json";
  architecture.hidden_size = 5120;
  architecture.vocab_size = 32000;
  model::LayerRun run;
  run.count = 40;
  run.mixer = model::Attention{.num_attention_heads = 40,
                               .num_key_value_heads = 40,
                               .head_dim = 128,
                               .window = {},
                               .qkv_bias = false,
                               .output_bias = false,
                               .query_key_norm = model::QueryKeyNorm::none};
  run.feed_forward = model::Mlp{.intermediate_size = 13824};
  architecture.runs = {run};
  return architecture;
}

predict::Analysis analysis_of(std::int64_t batch, std::int64_t context,
                              predict::Precision precision) {
  predict::Workload workload;
  workload.batch = batch;
  workload.context = context;
  workload.precision = precision;
  return predict::analyse(sample_architecture(), sample_device(), workload).value();
}

std::vector<Sample> samples() {
  std::vector<Sample> all;
  all.push_back({"one sequence", analysis_of(1, 1024)});
  all.push_back({"a full batch", analysis_of(64, 1024)});
  all.push_back({"a batch far past the memory", analysis_of(20'000, 4096)});
  all.push_back({"a short prompt", analysis_of(1, 2)});
  all.push_back({"a prompt of 300 tokens, at the ridge", analysis_of(1, 300)});
  all.push_back(
      {"two roofs", analysis_of(16, 512, {DataType::fp8, DataType::fp8, DataType::bf16})});
  all.push_back(
      {"weights of 4 bits", analysis_of(8, 2048, {DataType::int4, DataType::bf16, DataType::fp8})});
  predict::Workload decode_only;
  decode_only.phases = {predict::Phase::decode};
  decode_only.batch = 512;
  all.push_back({"decode alone",
                 predict::analyse(sample_architecture(), sample_device(), decode_only).value()});
  predict::Workload mixed;
  mixed.phases = {predict::Phase::mixed};
  mixed.batch = 64;
  mixed.chunk = {512, 2048};
  all.push_back({"a chunk of a prompt beside decodes",
                 predict::analyse(sample_architecture(), sample_device(), mixed).value()});
  model::Architecture huge = sample_architecture();
  all.push_back({"expected times", expected_analysis_of(16, 1024)});
  all.push_back({"expected times of a full batch", expected_analysis_of(64, 4096)});
  huge.runs.front().count = 400;
  all.push_back({"weights that do not fit",
                 predict::analyse(huge, sample_device(), predict::Workload{}).value()});
  return all;
}

namespace {

efficiency::KernelProfile sample_kernel(efficiency::OperatorClass kind, std::string name) {
  efficiency::KernelProfile kernel;
  kernel.kind = kind;
  kernel.stack = "vllm-1.0";
  kernel.kernel = std::move(name);
  kernel.compute = "bf16";
  const bool is_attention = kind == efficiency::OperatorClass::prefill_attention ||
                            kind == efficiency::OperatorClass::decode_attention;
  if (is_attention) kernel.cache = "bf16";
  for (const efficiency::CoefficientFacts& each : efficiency::form(kind).coefficients) {
    kernel.coefficients.push_back(each.start);
  }
  kernel.spread.assign(kernel.coefficients.size(), 0.1);
  kernel.band.classes = {{1e30, -0.1, 0.1}};
  kernel.evidence = {{"a benchmark"}, 1200, 34, 5.6, ""};
  return kernel;
}

}  // namespace

std::shared_ptr<const efficiency::Calibration> sample_calibration() {
  using efficiency::OperatorClass;
  efficiency::Profile profile;
  profile.device = "sample-device";
  for (const auto kind : {OperatorClass::gemm, OperatorClass::prefill_attention,
                          OperatorClass::decode_attention, OperatorClass::experts}) {
    profile.kernels.push_back(sample_kernel(kind, "sample"));
  }
  for (const char* work : {"rmsnorm", "add", "gated_activation", "embedding"}) {
    profile.kernels.push_back(sample_kernel(OperatorClass::elementwise, work));
  }
  return std::make_shared<const efficiency::Calibration>(std::move(profile), efficiency::Profile{});
}

hardware::Device calibrated_device() {
  hardware::Device device = sample_device();
  device.compute_units = {132, "a datasheet", ""};
  device.last_level_cache_bytes = {50 * 1024 * 1024, "a datasheet", ""};
  device.boost_clock = {PerSecond(1.98e9), "a datasheet", ""};
  return device;
}

predict::Analysis expected_analysis_of(std::int64_t batch, std::int64_t context) {
  predict::Workload workload;
  workload.batch = batch;
  workload.context = context;
  workload.calibration = sample_calibration();
  return predict::analyse(sample_architecture(), calibrated_device(), workload).value();
}

predict::Estimate expected_estimate_of(std::int64_t batch) {
  predict::RequestQuestion question;
  question.batch = batch;
  question.execution.calibration = sample_calibration();
  return predict::estimate(sample_architecture(), calibrated_device(), question).value();
}

predict::Statistics sample_statistics() {
  return predict::statistics(sample_architecture(), sample_device(), 1024, {1, 64, 256}).value();
}

}  // namespace ridgepoint::report::test
