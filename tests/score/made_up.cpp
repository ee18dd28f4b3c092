// SPDX-License-Identifier: Apache-2.0
#include "score/made_up.hpp"

#include <gtest/gtest.h>

namespace ridgepoint::score::test {
namespace {

constexpr const char* kSizes =
    R"("hidden_size": 256, "intermediate_size": 512, "num_attention_heads": 4,
       "num_key_value_heads": 4, "head_dim": 64, "num_hidden_layers": 2, "vocab_size": 1000,
       "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16")";

model::Architecture read(const std::string& family, const std::string& more,
                         const std::string& name) {
  auto made =
      model::read_architecture("{\"model_type\": \"" + family + "\", " + more + kSizes + "}", name);
  if (!made) ADD_FAILURE() << made.error().front().what;
  model::Architecture out = made ? std::move(*made) : model::Architecture();
  out.name = name;
  return out;
}

}  // namespace

hardware::Device round_device() {
  hardware::Device device;
  device.name = "round";
  device.dense_peaks = {{DataType::bf16, {FlopsPerSecond(100e12), "made up", ""}}};
  device.memory_bandwidth = {BytesPerSecond(1e12), "made up", ""};
  device.memory_capacity_bytes = {80'000'000'000, "made up", ""};
  device.link = hardware::Link{};
  device.link->technology = "wire";
  device.link->bandwidth_per_direction.value = BytesPerSecond(100e9);
  device.link->domain.value = 4;
  return device;
}

model::Architecture small_model() { return read("llama", "", "small"); }

ScoreQuestion question(Reading mode) {
  ScoreQuestion out;
  out.mode = mode;
  out.find_calibration = [](const hardware::Device&) { return nullptr; };
  out.find_device = [](const std::string& name) -> Result<hardware::Device> {
    if (name == "round") return round_device();
    return fail("device", "unknown device \"" + name + "\"", "give a known one");
  };
  out.find_model = [](const std::string& name) -> Result<model::Architecture> {
    if (name == "small") return small_model();
    if (name == "small-moe") {
      return read("mixtral", "\"num_local_experts\": 8, \"num_experts_per_tok\": 2, ", "small-moe");
    }
    return fail("model", "unknown model \"" + name + "\"", "give a known one");
  };
  return out;
}

std::vector<ServerRun> runs_of(const std::string& rows) {
  const auto table = read_server_runs(kServerColumns + rows, "servers.csv");
  if (!table) {
    ADD_FAILURE() << table.error().front().what;
    return {};
  }
  for (const Diagnostic& bad : table->bad_rows) ADD_FAILURE() << bad.where << ": " << bad.what;
  return table->rows;
}

}  // namespace ridgepoint::score::test
