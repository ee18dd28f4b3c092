// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "predict/operator_analysis.hpp"
#include "predict/operator_expectation.hpp"
#include "predict/step_analysis.hpp"
#include "ridgepoint/cost/mixed.hpp"
#include "ridgepoint/roofline/mixed_step.hpp"

namespace ridgepoint::predict {

using symbolic::Expr;

namespace {

/// Letters of the chunk: its tokens and its context, beside B and S of the decode.
std::array<cost::Shape<Expr>, 2> lettered_shapes() {
  return {chunk_shape(Expr::symbol("T"), Expr::symbol("S_p")),
          shape(Phase::decode, Expr::symbol("B"), Expr::symbol("S"))};
}

/// The shapes of the parts that have an operator.
template <class N>
std::vector<cost::Shape<N>> chosen(const std::array<cost::Shape<N>, 2>& shapes,
                                   const roofline::MixedOperator& op) {
  std::vector<cost::Shape<N>> result;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (op.places[i]) result.push_back(shapes[i]);
  }
  return result;
}

/// Analyses the operators of both parts, what they have in common on all tokens together.
class MixedAnalyser {
 public:
  MixedAnalyser(std::array<const StepReadings*, 2> parts, const hardware::Device& device,
                const Workload& workload)
      : parts_(parts), device_(device), workload_(workload) {
    answer_.phase = Phase::mixed;
  }

  StepAnalysis analyse() && {
    const std::array<const roofline::TimedStep*, 2> timed{&parts_[0]->timed, &parts_[1]->timed};
    for (const roofline::MixedOperator& op : roofline::mixed_operators(timed)) add_operator(op);
    const std::array<roofline::StepPart, 2> steps{
        {{*timed[0], points_[0]}, {*timed[1], points_[1]}}};
    finish(answer_, roofline::mixed_step_time(steps));
    if (parts_[0]->expected) add_expected(roofline::mixed_operators(timed));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      answer_.parts.push_back(
          {parts_[i]->phase, roofline::step_time(*timed[i], points_[i]).bound_s});
    }
    const double rate = static_cast<double>(workload_.parallelism.data) / answer_.bound_s;
    answer_.prompt_tokens_per_s = rate * points_[0].new_tokens;
    answer_.tokens_per_s = rate * points_[1].batch;
    return std::move(answer_);
  }

 private:
  void add_expected(const std::vector<roofline::MixedOperator>& operators) {
    const ExpectedStep::MixedPart prompt{*parts_[0]->expected, points_[0]};
    const ExpectedStep::MixedPart decodes{*parts_[1]->expected, points_[1]};
    answer_.expected = ExpectedStep::mixed_time(prompt, decodes).no_faster_than(answer_.floor_s);
    const auto times = ExpectedStep::mixed_operator_times(prompt, decodes);
    for (std::size_t i = 0; i < operators.size(); ++i) {
      const std::size_t owner = operators[i].owner();
      answer_.operators[i].expected =
          expectation_of(*parts_[owner]->expected, *operators[i].places[owner], times[i]);
    }
    add_kernel_totals(answer_);
  }

  void add_operator(const roofline::MixedOperator& op) {
    const StepReadings& owner = *parts_[op.owner()];
    const std::size_t i = *op.places[op.owner()];
    const cost::StepOperator<Count>& exact = owner.exact[i];
    const auto numbers = chosen(numbers_, op);
    const auto letters = chosen(letters_, op);
    auto totals = cost::totals(exact.op, std::span<const cost::Shape<Count>>(numbers));
    totals.multiply(exact.count);
    answer_.compulsory_bytes += totals.compulsory_bytes();
    OperatorAnalysis one = count_operator(exact, totals, device_);
    one.phase = Phase::mixed;
    one.part = op.is_common() ? Phase::mixed : owner.phase;
    if (!op.is_common()) one.name += fmt::format(" ({})", name(owner.phase));
    one.exchange = exchange_of(owner.timed[i], device_);
    one.time_s = time_of(owner.timed[i], op);
    one.formula = formula(owner.letters[i], exact, {letters, numbers});
    answer_.operators.push_back(std::move(one));
  }

  double time_of(const roofline::TimedOperator& part, const roofline::MixedOperator& op) const {
    const auto points = chosen(points_, op);
    auto totals = cost::totals(part.op, std::span<const cost::Shape<double>>(points));
    totals.multiply(part.count);
    return roofline::operator_time(totals, part.rates).total_s();
  }

  std::array<const StepReadings*, 2> parts_;
  const hardware::Device& device_;
  const Workload& workload_;
  std::array<cost::Shape<double>, 2> points_ = mixed_shapes<double>(workload_);
  std::array<cost::Shape<Count>, 2> numbers_ = mixed_shapes<Count>(workload_);
  std::array<cost::Shape<Expr>, 2> letters_ = lettered_shapes();
  StepAnalysis answer_;
};

}  // namespace

StepAnalysis analyse_mixed_step(const StepReadings& prefill, const StepReadings& decode,
                                const hardware::Device& device, const Workload& workload) {
  return MixedAnalyser({&prefill, &decode}, device, workload).analyse();
}

}  // namespace ridgepoint::predict
