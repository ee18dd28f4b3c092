// SPDX-License-Identifier: Apache-2.0
// Any bytes as the limits, the objective, the front and the shard of a sweep, and as a goal.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/explore/inverse.hpp"
#include "ridgepoint/explore/subject.hpp"
#include "ridgepoint/explore/sweep_state.hpp"

namespace {

using namespace ridgepoint;

template <class T>
void require_reasons(const Result<T>& result) {
  if (result) return;
  require(!result.error().empty(), "a refusal has a reason");
  for (const Diagnostic& fault : result.error()) {
    require(!fault.help.empty(), "a reason says what to do");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto subject = explore::parse_subject(text, "--subject");
  require_reasons(subject);
  if (subject) {
    for (const explore::Limit& limit : subject->limits) {
      require(std::isfinite(limit.value) && limit.value > 0, "a limit is a number above 0");
      require(limit.is_upper() ? !limit.holds(2 * limit.value) : !limit.holds(limit.value / 2),
              "what is past a limit does not hold");
    }
  }
  require_reasons(explore::parse_objective(text, "--objective"));
  require_reasons(explore::parse_objectives(text, "--pareto"));
  require_reasons(explore::parse_shard(text, "--shard"));
  const auto goal = explore::parse_goal(text, "--solve");
  require_reasons(goal);
  if (goal) {
    require(std::isfinite(goal->value) && goal->value > 0, "a goal is a number above 0");
    require(goal->is_met_by(goal->value), "a goal is met by itself");
  }
  return 0;
}
