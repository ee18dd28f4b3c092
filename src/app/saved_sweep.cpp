// SPDX-License-Identifier: Apache-2.0
#include "app/saved_sweep.hpp"

#include <filesystem>

#include "app/interrupt.hpp"
#include "app/sweep_answer.hpp"
#include "ridgepoint/core/file.hpp"

namespace ridgepoint::app {

Result<explore::SweepState> saved_state(const std::string& path, const explore::SweepState& start) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return start;
  auto known = read_state_file(path);
  if (!known) return known;
  if (known->question != start.question || known->shard != start.shard) {
    return fail(path, "is the state of another sweep, or of other files or another shard",
                "name another file, or remove this one");
  }
  return known;
}

Diagnostics save(const explore::SweepState& state, const std::string& path) {
  const auto saved = write_file_atomically(path, write_state(state));
  return saved ? Diagnostics() : saved.error();
}

Diagnostics work(const explore::Space& space, const explore::SweepQuestion& question,
                 const std::string& path, explore::SweepState& state,
                 const std::function<bool()>& has_failed) {
  constexpr double kBetweenSaves = 5;
  Diagnostics unsaved;
  while (!is_done(space, state) && !InterruptAsks::has_asked() && !has_failed()) {
    explore::continue_sweep(space, question, state, kBetweenSaves);
    if (!path.empty()) unsaved = save(state, path);  // a full disk ends no work
  }
  return unsaved;
}

}  // namespace ridgepoint::app
