// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/operator_crossover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "predict/crossover.hpp"
#include "predict/step_analysis.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/predict/parameter.hpp"
#include "ridgepoint/symbolic/calculus.hpp"

namespace ridgepoint::predict {
namespace {

using symbolic::Expr;
using Legal = std::function<bool(double)>;

constexpr const char* kSolve = "--solve";
constexpr const char* kFor = "--for";

/// One operator in letters.
struct LetteredOperator {
  DataType compute_type = DataType::bf16;
  Expr intensity;               ///< FLOP/byte
  std::vector<Letter> letters;  ///< of the step, with B and S
};

cost::Totals<Expr> totals_of(const cost::StepOperator<Expr>& part, Phase phase) {
  return cost::totals(part.op, shape(phase, Expr::symbol("B"), Expr::symbol("S")));
}

std::vector<Letter> all_letters(std::vector<Letter> letters, const model::Architecture& model,
                                const OperatorQuestion& question) {
  const RequestQuestion& request = question.request;
  const bool is_decode = question.phase == Phase::decode;
  letters.push_back({"B", request.batch, "batch"});
  letters.push_back({"S", is_decode ? decode_context(model, request) : request.input,
                     is_decode ? "context" : "input"});
  return letters;
}

Result<LetteredOperator> find_operator(const model::Architecture& model,
                                       const OperatorQuestion& question) {
  Execution execution = question.request.execution;
  if (has_stack(model, model::Stack::encoder)) execution.source_tokens = question.request.input;
  LetteredSteps steps = build_lettered_steps(model, execution, {question.phase});
  std::vector<std::string> names;
  for (const cost::StepOperator<Expr>& part : steps.steps.front()) {
    const auto totals = totals_of(part, question.phase);
    if (totals.flops.is_zero() || totals.bytes().is_zero()) continue;
    if (part.name == question.op) {
      return LetteredOperator{part.compute_type, totals.flops / totals.bytes(),
                              all_letters(std::move(steps.letters), model, question)};
    }
    names.push_back(part.name);
  }
  return fail(kSolve,
              fmt::format("\"{}\" is no operator of the {} step{} that computes",
                          shown(question.op), name(question.phase),
                          execution.parallelism.pipeline > 1 ? " on the first stage" : ""),
              did_you_mean_or_list(question.op, names, names));
}

/// What may stand for one letter, where the others are as they are.
Legal legal_values(const std::string& symbol, const std::vector<Letter>& letters) {
  const auto value = [&](std::string_view of) {
    const auto found = std::find_if(letters.begin(), letters.end(),
                                    [&](const Letter& one) { return one.symbol == of; });
    return found == letters.end() ? 0.0 : static_cast<double>(found->value);
  };
  if (const double heads = value("N"); symbol == "K" && heads > 0) {
    return [heads](double x) { return std::fmod(heads, x) == 0; };
  }
  if (const double heads = value("K"); symbol == "N" && heads > 0) {
    return [heads](double x) { return std::fmod(x, heads) == 0; };
  }
  return [](double) { return true; };
}

/// Solves for a letter of one operator.
class LetterSolver {
 public:
  LetterSolver(const LetteredOperator& op, const hardware::Device& device, const Letter& unknown)
      : op_(op),
        unknown_(unknown),
        ridge_(hardware::ridge_point(device, op.compute_type)->value()) {
    symbolic::Substitution others;
    for (const Letter& one : op.letters) {
      if (one.symbol != unknown.symbol) others.emplace(one.symbol, Expr(one.value));
    }
    alone_ = symbolic::substitute(op.intensity, others);
  }

  bool depends() const {
    const auto names = symbolic::symbols(alone_);
    return std::find(names.begin(), names.end(), unknown_.symbol) != names.end();
  }

  void solve(OperatorCrossover& answer) const {
    answer.meaning = unknown_.meaning;
    answer.now = at(static_cast<double>(unknown_.value));
    const auto roots = symbolic::solve(alone_, Expr::from_double(ridge_), unknown_.symbol);
    if (roots && !roots->empty()) {
      answer.crossover = roots->front().value.to_double();
      answer.solution = formula();
    } else if (!roots) {
      answer.crossover = bisect();
    }
    if (answer.crossover) return add_neighbours(answer);
    constexpr double kFar = 0x1p40;
    answer.below = at(1);
    answer.above = at(kFar);
  }

 private:
  OperatorPoint at(double value) const {
    return {value, symbolic::evaluate(alone_, {{unknown_.symbol, value}}).value_or(0), ridge_};
  }

  /// In letters; nothing where the algebra has none.
  std::string formula() const {
    const auto roots = symbolic::solve(op_.intensity, Expr::symbol("ridge"), unknown_.symbol);
    return roots && !roots->empty() ? symbolic::to_text(roots->front().value) : std::string();
  }

  std::optional<double> bisect() const {
    const roofline::Bound first = at(1).bound();
    const auto turns = [&](double x) { return at(x).bound() != first; };
    const Crossover found = find_whole_crossover(turns);
    if (found.when != Crossover::When::from_batch) return std::nullopt;
    return static_cast<double>(found.batch);
  }

  void add_neighbours(OperatorCrossover& answer) const {
    constexpr double kFurthest = 65'536;
    const Legal is_legal = legal_values(unknown_.symbol, op_.letters);
    const double root = *answer.crossover;
    for (double x = std::ceil(root) - 1; x >= 1 && root - x < kFurthest && !answer.below; --x) {
      if (is_legal(x)) answer.below = at(x);
    }
    for (double x = std::max(1.0, std::ceil(root)); x - root < kFurthest && !answer.above; ++x) {
      if (is_legal(x)) answer.above = at(x);
    }
  }

  const LetteredOperator& op_;
  Letter unknown_;
  double ridge_;
  Expr alone_;  ///< the intensity with all other letters put in
};

/// The letters that the intensity of an operator is made of.
std::vector<Letter> used_letters(const LetteredOperator& op) {
  const auto used = symbolic::symbols(op.intensity);
  std::vector<Letter> letters;
  for (const Letter& one : op.letters) {
    if (std::find(used.begin(), used.end(), one.symbol) != used.end()) letters.push_back(one);
  }
  return letters;
}

/// A rate moves the ridge: peak ÷ bandwidth = intensity.
void solve_rate(const LetteredOperator& op, const hardware::Device& device,
                const roofline::DeviceRate& rate, OperatorCrossover& answer) {
  std::map<std::string, double, std::less<>> values;
  for (const Letter& one : op.letters) values[one.symbol] = static_cast<double>(one.value);
  const FlopsPerByte intensity(symbolic::evaluate(op.intensity, values).value_or(0));
  const FlopsPerSecond peak = hardware::dense_peak(device, op.compute_type)->value;
  const BytesPerSecond bandwidth = device.memory_bandwidth.value;
  const bool is_memory = rate.kind == roofline::DeviceRate::Kind::memory_bandwidth;
  answer.meaning = name(rate);
  answer.is_rate = true;
  answer.solution = is_memory ? "peak / intensity" : "intensity · bandwidth";
  answer.now = {value_of(rate, device), intensity.value(), (peak / bandwidth).value()};
  answer.crossover = is_memory ? (peak / intensity).value() : (intensity * bandwidth).value();
}

/// The rates that an operator waits for.
std::optional<roofline::DeviceRate> rate_named(const std::string& text, DataType compute_type,
                                               const hardware::Device& device) {
  using Kind = roofline::DeviceRate::Kind;
  const DataType used = hardware::dense_peak(device, compute_type)->used;
  for (const roofline::DeviceRate& rate : {roofline::DeviceRate{Kind::memory_bandwidth},
                                           roofline::DeviceRate{Kind::dense_peak, used}}) {
    if (name(rate) == text) return rate;
  }
  return std::nullopt;
}

Result<Letter> letter_named(const std::string& text, const std::vector<Letter>& letters) {
  std::vector<std::string> names{"memory_bandwidth"};
  for (const Letter& one : letters) {
    if (one.meaning == text || one.symbol == text) return one;
    names.push_back(one.meaning);
  }
  return fail(kFor, fmt::format("\"{}\" is nothing that the operator hangs on", shown(text)),
              did_you_mean_or_list(text, names, names));
}

std::vector<std::string> assumptions(const OperatorQuestion& question) {
  std::vector<std::string> sentences{"all else stays as it is"};
  if (question.request.execution.parallelism.devices() > 1) {
    sentences.emplace_back("sizes are those of one device's share, on the first stage");
  }
  if (question.phase == Phase::prefill) {
    sentences.emplace_back("all prompts of the batch are prefilled in one step");
  }
  return sentences;
}

}  // namespace

bool OperatorCrossover::is_met() const {
  if (!crossover) return now.bound() == question.wanted;
  const bool is_below = below && below->bound() == question.wanted;
  return is_rate || is_below || is_met_above();
}

bool OperatorCrossover::is_met_above() const {
  if (!is_rate) return above && above->bound() == question.wanted;
  const bool raises_ridge = meaning != "memory_bandwidth";
  return raises_ridge == (question.wanted == roofline::Bound::memory_bound);
}

Result<OperatorCrossover> solve_operator(const model::Architecture& architecture,
                                         const hardware::Device& device,
                                         const OperatorQuestion& question) {
  if (const auto possible = estimate_static(architecture, device, question.request); !possible) {
    return fail(possible.error());
  }
  const auto op = find_operator(architecture, question);
  if (!op) return fail(op.error());
  OperatorCrossover answer;
  answer.question = question;
  answer.letters = used_letters(*op);
  answer.intensity = symbolic::to_text(op->intensity);
  answer.assumptions = assumptions(question);
  if (const auto rate = rate_named(question.unknown, op->compute_type, device)) {
    solve_rate(*op, device, *rate, answer);
    return answer;
  }
  const auto letter = letter_named(question.unknown, answer.letters);
  if (!letter) return fail(letter.error());
  const LetterSolver solver(*op, device, *letter);
  if (!solver.depends()) {
    return fail(
        kFor, fmt::format("the intensity of {} does not hang on {}", question.op, letter->meaning),
        "name another size");
  }
  solver.solve(answer);
  return answer;
}

}  // namespace ridgepoint::predict
