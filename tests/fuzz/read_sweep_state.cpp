// SPDX-License-Identifier: Apache-2.0
// Any bytes as the state of a sweep: what is read is written and read again; faults say where.
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/explore/sweep_state.hpp"

using namespace ridgepoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto state = explore::read_state(text, "state.json");
  if (!state) {
    require(!state.error().empty(), "a refusal has a reason");
    for (const Diagnostic& fault : state.error()) {
      require(!fault.where.empty() && !fault.help.empty(), "a reason says where and what to do");
    }
    return 0;
  }
  const auto again = explore::read_state(explore::write_state(*state), "state.json");
  require(again && *again == *state, "a state that is written comes back");
  return 0;
}
