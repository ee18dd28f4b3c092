// SPDX-License-Identifier: Apache-2.0
#include "app/asked_sweep.hpp"
#include "app/sweep_answer.hpp"
#include "app/words.hpp"

namespace ridgepoint::app {
namespace {

using explore::Space;
using explore::SweepState;

constexpr std::string_view kParts = "PARTS";

std::vector<SweepState> read_shards(const Arguments& arguments, Faults& faults) {
  std::vector<SweepState> shards;
  for (const std::string& path : arguments.values(kParts)) {
    if (auto state = faults.take(read_state_file(path))) shards.push_back(std::move(*state));
  }
  return shards;
}

/// The sweep that a shard is of: asked again by its own words.
AskedSweep read_asked(const SweepState& shard, Faults& faults) {
  std::vector<std::string> remarks;
  const auto words = faults.take(read_words(sweep_verb(), shard.words, remarks));
  if (!words) return {};
  Arguments again = *words;
  again.set("--yes", "");
  AskedSweep asked = read_sweep(again, faults);
  if (!faults && asked.fingerprint != shard.question) {
    faults.add("PARTS", "files that the sweep read are not what they were",
               "merge where the models, devices and profiles are those of the shards");
  }
  return asked;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kPageFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const std::vector<SweepState> shards = read_shards(arguments, faults);
  if (faults) return fail(faults.distinct());
  AskedSweep asked = read_asked(shards.front(), faults);
  if (faults) return fail(faults.distinct());
  const std::vector<std::string> remarks = sweep_warnings(asked.axes);
  const auto space = Space::of(std::move(asked.axes));
  if (!space) return fail(space.error());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    faults.add(faults_of(shards[i], *space, asked.question, arguments.values(kParts)[i]));
  }
  const auto whole = faults.take(join_shards(*space, asked.question, shards));
  if (faults) return fail(faults.distinct());
  Answer answer = sweep_answer(*space, asked.question, *whole, format, terminal);
  answer.warnings = remarks;
  return answer;
}

}  // namespace

Verb merge_verb() {
  return {.name = "merge",
          .summary = "The shards of a sweep as one: the same bytes as of one process",
          .examples = {"ridgepoint merge shard-1.json shard-2.json",
                       "ridgepoint merge shard-*.json --json --out best.json"},
          .positionals = {{kParts, "files that `sweep --shard I/N --out FILE` wrote, all N", true,
                           true}},
          .options = {format_option(kPageFormats), kJsonOption, kOutOption, kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
