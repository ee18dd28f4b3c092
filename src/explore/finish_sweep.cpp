// SPDX-License-Identifier: Apache-2.0
// What a sweep has found, with all figures.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "explore/reasons.hpp"
#include "ridgepoint/explore/histogram.hpp"
#include "ridgepoint/explore/request_part.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::explore {
namespace {

std::string speculation_sentence(const predict::SpeculativeDecoding& decoding) {
  return fmt::format(
      "where tokens are proposed, by {}, each is accepted with probability {:g}; TPOT is then a "
      "round of proposing and checking ÷ the tokens expected of it, and calibrated kernels say "
      "nothing of it",
      decoding.draft ? decoding.draft->name : "heads on the model (Medusa)", decoding.acceptance);
}

std::vector<std::string> assumptions_of(const Space& space, const SweepQuestion& question) {
  std::vector<std::string> sentences{
      "each point is a static batch as `estimate` has it: TTFT is the prefill of all its prompts, "
      "in steps of max_num_batched_tokens; TPOT is the step at a context of input + output/2, "
      "unless a context is given; nothing waits in a queue"};
  for (std::string& sentence : reading_assumptions(space.axes(), question.reading)) {
    sentences.push_back(std::move(sentence));
  }
  if (space.axes().has_speculation()) {
    sentences.push_back(speculation_sentence(space.axes().rest.speculation));
  }
  if (question.subject.fits) {
    sentences.emplace_back(
        "a batch fits where memory holds its sequences at their whole length, input + output");
  }
  sentences.emplace_back(
      "of points with equal figures the first is kept, in the order of the axes");
  return sentences;
}

/// REQUIRES: the point was evaluated.
SweepRow row_of(const Space& space, std::uint64_t point) {
  Candidate candidate = space.point(point);
  auto estimate = predict::estimate_static(candidate.model->architecture, candidate.device->device,
                                           candidate.question);
  return {point, std::move(candidate), std::move(*estimate)};
}

/// Rows of many points, each by whichever thread is free.
std::vector<SweepRow> rows_of(const Space& space, const std::vector<std::uint64_t>& points,
                              std::size_t threads) {
  std::vector<std::optional<SweepRow>> found(points.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < points.size(); i = next++) {
      found[i].emplace(row_of(space, points[i]));
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(threads, points.size()); ++i) others.emplace_back(work);
  work();
  for (std::thread& each : others) each.join();
  std::vector<SweepRow> rows;
  rows.reserve(points.size());
  for (std::optional<SweepRow>& row : found) rows.push_back(std::move(*row));
  return rows;
}

template <class T>
std::vector<SweepRow> rows_of(const Space& space, const std::vector<T>& found,
                              std::size_t threads) {
  std::vector<std::uint64_t> points;
  points.reserve(found.size());
  for (const T& each : found) points.push_back(each.point);
  return rows_of(space, points, threads);
}

Region region_of(const roofline::TimeParts& parts) {
  const double memory_s = parts.total_s() - parts.compute_s - parts.network_s;
  if (parts.network_s > std::max(memory_s, parts.compute_s)) return Region::network_bound;
  return parts.compute_s > memory_s ? Region::compute_bound : Region::memory_bound;
}

/// What the objective waits for at the best point, or why there is none.
Region region_of(const SweepQuestion& question, const SweepCell& cell) {
  if (cell.best) {
    return region_of(waits_of(cell.best->estimate, question.objective.metric));
  }
  if (cell.found.evaluated == 0) return Region::empty;
  return question.subject.fits && cell.found.fitting == 0 ? Region::capacity : Region::subject;
}

/// Of a state that has seen nothing yet all cells are empty.
SweepGrid finish_grid(const Space& space, const SweepQuestion& question, std::size_t number,
                      const SweepState& state) {
  SweepGrid grid{question.grids[number], {}};
  std::vector<GridCell> cells(Cells(space, grid.grid).count());
  if (number < state.grids.size()) cells = state.grids[number];
  std::vector<KeyedPoint> best;
  for (const GridCell& cell : cells) {
    if (cell.meeting > 0) best.push_back(cell.best);
  }
  std::vector<SweepRow> rows = rows_of(space, best, question.threads);
  auto row = rows.begin();
  for (const GridCell& found : cells) {
    SweepCell cell{found, Region::empty, std::nullopt};
    if (found.meeting > 0) cell.best = std::move(*row++);
    cell.region = region_of(question, cell);
    grid.cells.push_back(std::move(cell));
  }
  return grid;
}

}  // namespace

Sweep finish_sweep(const Space& space, const SweepQuestion& question, const SweepState& state) {
  Sweep sweep;
  sweep.question = question;
  sweep.counts = state.counts;
  sweep.is_complete = is_done(space, state);
  sweep.top = rows_of(space, state.best, question.threads);
  sweep.front = rows_of(space, state.front, question.threads);
  for (std::size_t i = 0; i < question.grids.size(); ++i) {
    sweep.grids.push_back(finish_grid(space, question, i, state));
  }
  sweep.histogram = state.histogram;
  if (question.histogram) sweep.histogram.resize(kBins);
  sweep.left_out = state.left_out;
  sweep.assumptions = assumptions_of(space, question);
  return sweep;
}

}  // namespace ridgepoint::explore
