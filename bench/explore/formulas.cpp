// SPDX-License-Identifier: Apache-2.0
// The bound of Llama 2 13B on an H100, prefill and decode of each point with every operator, timed
// here on one core and printed for NumPy and for plain Python to do again: from Expr, so that all
// work on the same formulas. One line each, tabs in between:
//   grid      batches and contexts, both from 1 in ones
//   ours      points a second; the sum over all points of prefill and decode, in seconds
//   peak      multiplications a second that one core can do; those of the formulas at one point
//   operator  count, seconds a FLOP, seconds a byte, FLOPs and bytes of B, T and S
// with a line `phase NAME` before the operators of a phase.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace {

using namespace ridgepoint;
using predict::Phase;
using symbolic::Expr;

constexpr std::size_t kBatches = 512;
constexpr std::size_t kContexts = 2048;

std::string python(const Expr& formula) {
  std::string text = to_text(formula);
  for (std::size_t at = text.find('^'); at != std::string::npos; at = text.find('^', at)) {
    text.replace(at, 1, "**");
  }
  return text;
}

/// Those of a formula as it is printed, powers among them.
std::size_t multiplications(const std::string& formula) {
  return static_cast<std::size_t>(
      std::count_if(formula.begin(), formula.end(), [](char c) { return c == '*' || c == '^'; }));
}

/// Returns how many multiplications a point takes: those of FLOPs, bytes, both rates and the count.
std::size_t print_formulas(const cost::Step<Expr>& step, const roofline::TimedStep& timed) {
  constexpr std::size_t kOfTimes = 3;
  std::size_t sum = 0;
  const cost::Shape<Expr> shape{Expr::symbol("B"), Expr::symbol("T"), Expr::symbol("S")};
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto totals = cost::totals(step[i].op, shape);
    fmt::print("operator\t{}\t{:.17g}\t{:.17g}\t{}\t{}\n", timed[i].count,
               timed[i].rates.seconds_per_flop, timed[i].rates.seconds_per_byte,
               python(totals.flops), python(totals.bytes()));
    sum += multiplications(to_text(totals.flops)) + multiplications(to_text(totals.bytes())) +
           kOfTimes;
  }
  return sum;
}

/// Every point of the grid, block by block.
double sum_of(const roofline::TimedStep& prefill, const roofline::TimedStep& decode) {
  const std::vector<double> ones(roofline::kBlockSize, 1.0);
  std::vector<double> batch(roofline::kBlockSize);
  std::vector<double> context(roofline::kBlockSize);
  const auto times = std::make_unique<roofline::StepTimes>();
  double sum = 0;
  for (std::size_t first = 0; first < kBatches * kContexts; first += roofline::kBlockSize) {
    for (std::size_t i = 0; i < roofline::kBlockSize; ++i) {
      batch[i] = static_cast<double>((first + i) % kBatches + 1);
      context[i] = static_cast<double>((first + i) / kBatches + 1);
    }
    for (const bool is_decode : {false, true}) {
      roofline::step_times(is_decode ? decode : prefill,
                           {batch, is_decode ? ones : context, context}, *times);
      for (const double seconds : times->bound_s) sum += seconds;
    }
  }
  return sum;
}

/// Multiplications that hang on nothing but the one before, in registers.
struct Multiply {
  static constexpr int kEach = 8;
  double* numbers;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    double number = numbers[i];
    for (int k = 0; k < kEach; ++k) number *= 1.0000001;
    numbers[i] = number;
  }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The most of some runs.
double multiplications_per_s() {
  constexpr int kRuns = 20;
  constexpr int kBlocks = 200;
  std::vector<double> numbers(roofline::kBlockSize, 1.0);
  double most = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kBlocks; ++i) {
      for_each_point(Multiply{numbers.data()}, numbers.size(), best_instruction_set());
    }
    const double all = static_cast<double>(kBlocks) * Multiply::kEach * roofline::kBlockSize;
    most = std::max(most, all / seconds_since(start));
  }
  return most;
}

}  // namespace

int main() {
  static_assert(kBatches * kContexts % roofline::kBlockSize == 0);
  const auto llama = catalog::find_model("llama-2-13b").value();
  const auto h100 = catalog::find_device("h100-sxm").value();
  const predict::Execution execution{predict::native_precision(llama)};
  std::vector<roofline::TimedStep> timed;
  std::size_t each = 0;
  fmt::print("grid\t{}\t{}\n", kBatches, kContexts);
  for (const Phase phase : {Phase::prefill, Phase::decode}) {
    timed.push_back(
        roofline::on_device(predict::build_step<double>(llama, execution, phase), h100).value());
    fmt::print("phase\t{}\n", name(phase));
    each += print_formulas(predict::build_step<Expr>(llama, execution, phase), timed.back());
  }
  const double warm = sum_of(timed[0], timed[1]);
  const auto start = std::chrono::steady_clock::now();
  const double sum = sum_of(timed[0], timed[1]);
  fmt::print("ours\t{:.6g}\t{:.17g}\n",
             static_cast<double>(kBatches * kContexts) / seconds_since(start), (warm + sum) / 2);
  fmt::print("peak\t{:.6g}\t{}\n", multiplications_per_s(), each);
}
