// SPDX-License-Identifier: Apache-2.0
#include "app/sweep_on_ranks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/interrupt.hpp"
#include "app/saved_sweep.hpp"
#include "ridgepoint/distribute/agreement.hpp"
#include "ridgepoint/distribute/counter.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::app {
namespace {

using distribute::Counter;
using explore::Shard;
using explore::Space;
using explore::SweepQuestion;
using explore::SweepState;

/// Enough that many ranks end at about the same time, and few enough that to begin one costs
/// little.
std::uint64_t count_shards(const Space& space) {
  constexpr std::uint64_t kFew = 64;
  constexpr std::uint64_t kMany = 1024;
  constexpr std::uint64_t kPartsOfOne = 64;  // a tenth of a second and more, on one core
  const std::uint64_t parts = explore::count_parts(space);
  return std::min(parts, std::clamp(parts / kPartsOfOne, kFew, kMany));
}

/// Where a shard is saved; empty where nothing is.
std::string path_of(const std::string& path, const Shard& shard) {
  return path.empty() ? "" : fmt::format("{}.{}-of-{}", path, shard.number, shard.of);
}

/// Of the same sweep, with nothing found yet.
SweepState empty_state(const SweepState& sweep, const Shard& shard) {
  SweepState state;
  state.question = sweep.question;
  state.words = sweep.words;
  state.shard = shard;
  return state;
}

Diagnostics faults_of_shard(const Space& space, const SweepQuestion& question,
                            const SweepState& start, const std::string& path) {
  const auto saved = saved_state(path, start);
  return saved ? faults_of(*saved, space, question, path) : saved.error();
}

/// The work of one rank. It and its end are for all ranks together.
class Rank {
 public:
  Rank(const Space& space, SweepQuestion question, const std::string& path, const SweepState& start)
      : space_(space),
        question_(std::move(question)),
        path_(path),
        shards_(count_shards(space)),
        taken_(is_done(space, start) ? shards_ : 0),
        found_{start} {
    question_.on_progress = [this](std::uint64_t, std::uint64_t) {
      taken_.serve();
      return !InterruptAsks::has_asked();
    };
  }

  void work_on_shards() {
    while (!InterruptAsks::has_asked()) {
      const std::uint64_t number = taken_.next();
      if (number >= shards_) return;
      work_on({number + 1, shards_});
    }
    taken_.raise(shards_);  // whoever was not interrupted comes to an end, too
  }

  SweepState found() const { return joined(space_, question_, found_); }
  const Diagnostics& unsaved() const { return unsaved_; }

  void remove_shards() const {
    std::error_code ignored;
    for (std::uint64_t number = 1; number <= shards_; ++number) {
      std::filesystem::remove(path_of(path_, {number, shards_}), ignored);
    }
  }

 private:
  void work_on(const Shard& shard) {
    const SweepState start = empty_state(found_.front(), shard);
    const std::string path = path_of(path_, shard);
    SweepState state = saved_state(path, start).value_or(start);
    Diagnostics unsaved = app::work(space_, question_, path, state);
    if (!unsaved.empty()) unsaved_ = std::move(unsaved);
    found_.push_back(std::move(state));
  }

  const Space& space_;
  SweepQuestion question_;
  const std::string& path_;
  std::uint64_t shards_;
  Counter taken_;
  std::vector<SweepState> found_;  ///< what there was at the start, then a state of each shard
  Diagnostics unsaved_;
};

/// At the first rank what all have found; at the others what was given.
SweepState joined_over_ranks(const Space& space, const SweepQuestion& question,
                             const SweepState& mine) {
  std::vector<SweepState> all;
  for (const distribute::Texts& texts : distribute::gathered({write_state(mine)})) {
    all.push_back(explore::read_state(texts.front(), "a rank").value());
  }
  return all.empty() ? mine : joined(space, question, all);
}

}  // namespace

Diagnostics faults_of_saved(const Space& space, const SweepQuestion& question,
                            const SweepState& start, const std::string& path) {
  if (path.empty()) return {};
  if (start.parts_done > 0 && !is_done(space, start)) {
    return {{path, "is of a run of one process, which is not done",
             "go on with it without a launcher, or name another file"}};
  }
  Diagnostics faults;
  const std::uint64_t shards = count_shards(space);
  for (std::uint64_t number = 1; number <= shards && faults.empty(); ++number) {
    const Shard shard{number, shards};
    faults = faults_of_shard(space, question, empty_state(start, shard), path_of(path, shard));
  }
  return faults;
}

Diagnostics work_on_ranks(const Space& space, const SweepQuestion& question,
                          const std::string& path, SweepState& state) {
  Rank rank(space, question, path, state);
  rank.work_on_shards();
  state = joined_over_ranks(space, question, rank.found());
  Diagnostics unsaved = rank.unsaved();
  if (distribute::rank() == 0 && !path.empty() && is_done(space, state)) {
    unsaved = save(state, path);
    if (unsaved.empty()) rank.remove_shards();
  }
  return distribute::agreed(unsaved);
}

}  // namespace ridgepoint::app
