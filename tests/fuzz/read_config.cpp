// SPDX-License-Identifier: Apache-2.0
// Any bytes as a config.json: a model whose sizes can be counted, or faults with a place.
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/model/parameters.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ridgepoint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<model::Architecture> read = model::read_architecture(text, "config.json");
  if (!read) {
    require(!read.error().empty(), "a failure has a fault");
    for (const Diagnostic& fault : read.error()) {
      require(fault.where.starts_with("config.json"), "a fault names its file");
      require(!fault.what.empty(), "a fault says what is wrong");
      require(!fault.help.empty(), "a fault says what to do");
    }
    return 0;
  }
  require(model::num_hidden_layers(*read) >= 1, "a model has layers");
  const Result<std::int64_t> total = model::total_parameters(*read);
  require(!total || *total > 0, "a model has parameters");
  const Count token = model::kv_bytes_per_token(*read, {2, 1});
  require(!token.is_valid() || !(token < Count(0)), "a cache is not negative");
  const Count state = model::state_bytes_per_sequence(*read);
  require(!state.is_valid() || !(state < Count(0)), "a state is not negative");
  const Count weights = model::weight_bytes(*read);
  require(!weights.is_valid() || Count(0) < weights, "a model has weights");
  const Count one = model::kv_bytes_per_sequence(*read, 1, {2, 1});
  require(one == token, "a sequence of one token has the cache of a token");
  return 0;
}
