// SPDX-License-Identifier: Apache-2.0
#include "app/sweep_answer.hpp"

#include "ridgepoint/core/file.hpp"

namespace ridgepoint::app {

Answer sweep_answer(const explore::Space& space, const explore::SweepQuestion& question,
                    const explore::SweepState& state, const std::string& format,
                    const report::Terminal& terminal) {
  const explore::Sweep found = finish_sweep(space, question, state);
  Answer answer = tabular_answer(report::SweptSpace{space, found}, format, terminal);
  if (found.counts.meeting == 0) answer.exit_code = kNotMet;
  return answer;
}

Result<explore::SweepState> read_state_file(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return fail(text.error());
  return explore::read_state(*text, path);
}

}  // namespace ridgepoint::app
