// SPDX-License-Identifier: Apache-2.0
#include "report/plan_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/shown_metric.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Breach;
using explore::Candidate;
using explore::Metric;
using explore::Miss;
using explore::Plan;
using explore::PlanQuestion;
using explore::PlanRow;
using explore::Relaxation;

constexpr double kPercent = 100;
constexpr double kMilli = 1e3;

std::string integer(std::uint64_t count) {
  return format_integer(static_cast<std::int64_t>(count));
}

/// "1 device", "48 sequences"
std::string counted(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", format_integer(count), what, count == 1 ? "" : "s");
}

std::string milliseconds(double seconds) { return format_number(kMilli * seconds) + " ms"; }

std::string share(double part) { return format_number(kPercent * part) + " %"; }

/// "$45.60/h"; energy and devices as they are.
std::string objective_words(const PlanQuestion& question, const PlanRow& row) {
  if (question.objective.metric == Metric::cost) {
    return fmt::format("{} $/h", format_number(row.load.dollars_per_hour));
  }
  if (question.objective.metric == Metric::devices) {
    return counted(row.load.devices, "device");
  }
  return fmt::format("{} kW", format_number(row.load.watts / kMilli));
}

/// "12 devices, 45.6 $/h"
std::string price_words(const PlanQuestion& question, const PlanRow& row) {
  const std::string words = objective_words(question, row);
  if (question.objective.metric == Metric::devices) return words;
  return fmt::format("{}, {}", counted(row.load.devices, "device"), words);
}

/// "h100-sxm, fp8": the device, and what tells a kind from the others of its space.
std::string kind_words(const explore::Space& space, const Candidate& kind) {
  std::vector<std::string> words;
  for (const SweepAxis& axis : sweep_axes(space.axes())) {
    const bool is_name = axis.group == SweepAxis::Group::name;
    const bool is_type = axis.group == SweepAxis::Group::setting && !axis.is_number;
    const bool is_device = std::string_view(axis.key) == "device";
    const bool is_varied = axis.use == SweepAxis::Use::varied;
    if (is_device || (is_varied && (is_name || is_type))) words.push_back(axis.words(kind));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

/// "3 × (h200-sxm, TP 4), 48 sequences each"
std::string deployment_words(const explore::Space& space, const Candidate& one,
                             std::int64_t instances) {
  const std::string split = describe(one.question.execution.parallelism);
  return fmt::format("{} × ({}, {}), {} on each replica", format_integer(instances),
                     kind_words(space, one), split, counted(one.question.batch, "sequence"));
}

std::string row_words(const explore::Space& space, const PlanRow& row) {
  return deployment_words(space, row.candidate, row.load.instances);
}

/// "18 % beyond", "3.2 times"; of what should be more "18 % short of".
std::string excess_words(const Breach& breach, const explore::Limit& limit) {
  if (!limit.is_upper()) return share(breach.by / (1 + breach.by)) + " short of";
  return breach.by < 1 ? share(breach.by) + " beyond" : format_number(1 + breach.by) + " times";
}

std::string breach_words(const Breach& breach, const PlanQuestion& question) {
  if (breach.kind == Breach::Kind::rate) {
    return fmt::format("carries {} of {} requests/s", format_number(breach.value),
                       format_number(question.requests_per_s));
  }
  const explore::Limit& limit = question.subject.limits[breach.limit];
  return fmt::format("{} {}, {} {}", facts(limit.metric).words,
                     shown(limit.metric).show_with_unit(breach.value), excess_words(breach, limit),
                     limit.text);
}

std::string miss_words(const explore::Space& space, const Miss& miss,
                       const PlanQuestion& question) {
  std::vector<std::string> broken;
  broken.reserve(miss.breaches.size());
  for (const Breach& each : miss.breaches) broken.push_back(breach_words(each, question));
  return fmt::format("{} ({}) {}", row_words(space, miss.row), price_words(question, miss.row),
                     fmt::join(broken, "; "));
}

/// "TTFT", "P99 TTFT"
std::string ttft_words(const PlanQuestion& question) {
  return question.percentile ? fmt::format("P{:g} TTFT", kPercent * *question.percentile) : "TTFT";
}

std::string times_sentence(const PlanRow& row, const PlanQuestion& question) {
  const explore::PlannedLoad& load = row.load;
  std::string words = fmt::format(
      "{} {} ({} of it waiting), TPOT {}", ttft_words(question), milliseconds(load.times.ttft_s),
      milliseconds(load.waiting.total_s()), milliseconds(load.times.tpot_s));
  if (row.tpot_band) {
    words += fmt::format(" (80 % band {}–{})", format_number(kMilli * row.tpot_band->low_s),
                         format_number(kMilli * row.tpot_band->high_s));
  }
  return words + fmt::format("; loaded to {} of what it can take, {} allowed.",
                             share(load.utilization), share(question.utilization));
}

/// Limits on TPOT that the slow edge of the band breaks.
std::string band_warning(const PlanRow& row, const PlanQuestion& question) {
  if (!row.tpot_band) return {};
  for (const explore::Limit& limit : question.subject.limits) {
    if (limit.metric != Metric::tpot || limit.holds(row.tpot_band->high_s)) continue;
    return fmt::format("Where TPOT lies at the slow edge of its band, {}, it breaks {}.",
                       milliseconds(row.tpot_band->high_s), limit.text);
  }
  return {};
}

std::string binding_sentence(const PlannedSpace& planned) {
  const Plan& plan = planned.plan;
  std::vector<std::string> binding;
  for (const Relaxation& each : plan.relaxations) {
    if (each.gain > 0) binding.push_back(relaxed(each, plan.question));
  }
  if (binding.empty()) return "No limit binds: a tenth more of any would buy nothing.";
  return fmt::format("What binds is {}.", joined(binding));
}

/// A figure of a load as people see it; on a narrow terminal the highest rank goes first.
struct LoadColumn {
  const char* header;
  const char* unit;
  int rank;
  double (*value)(const explore::PlannedLoad& load);
};

using Load = explore::PlannedLoad;
constexpr std::array kLoadColumns{
    LoadColumn{"TTFT", "ms", 1, [](const Load& load) { return kMilli * load.times.ttft_s; }},
    LoadColumn{"TPOT", "ms", 2, [](const Load& load) { return kMilli * load.times.tpot_s; }},
    LoadColumn{"cost", "$/h", 3, [](const Load& load) { return load.dollars_per_hour; }},
    LoadColumn{"load", "%", 4, [](const Load& load) { return kPercent * load.utilization; }},
    LoadColumn{"waiting", "ms", 5,
               [](const Load& load) { return kMilli * load.waiting.total_s(); }},
    LoadColumn{"cost", "$/M tokens", 6,
               [](const Load& load) { return load.times.cost_per_million_tokens; }},
    LoadColumn{"energy", "J/token", 7,
               [](const Load& load) { return load.times.energy_j_per_token; }}};

/// Those that any row knows.
std::vector<LoadColumn> known_columns(const std::vector<const PlanRow*>& rows) {
  std::vector<LoadColumn> known;
  for (const LoadColumn& each : kLoadColumns) {
    const bool is_known = std::any_of(
        rows.begin(), rows.end(), [&](const PlanRow* row) { return each.value(row->load) > 0; });
    if (is_known) known.push_back(each);
  }
  return known;
}

/// The axes that vary, but for those of the split, which one column tells.
std::vector<SweepAxis> shown_axes(const explore::Space& space) {
  std::vector<SweepAxis> shown;
  for (const SweepAxis& axis : sweep_axes(space.axes())) {
    const bool is_split =
        axis.group == SweepAxis::Group::devices || axis.group == SweepAxis::Group::split;
    if (axis.use == SweepAxis::Use::varied && !is_split) shown.push_back(axis);
  }
  return shown;
}

}  // namespace

std::string plan_headline(const PlannedSpace& planned) {
  const PlanQuestion& question = planned.plan.question;
  return fmt::format("{}: {} requests/s, promised {}, by their {} times",
                     common_words(planned.space), format_number(question.requests_per_s),
                     subject_words(question.subject), name(question.reading));
}

std::vector<std::string> plan_sentences(const PlannedSpace& planned) {
  const Plan& plan = planned.plan;
  if (plan.counts.legal == 0) return {"No engine runs any of these deployments."};
  if (!plan.best) {
    return {plan.has_room ? fmt::format("No deployment of up to {} carries this.",
                                        counted(plan.question.max_devices, "device"))
                          : std::string("No deployment holds even one sequence in memory.")};
  }
  const PlanRow& best = *plan.best;
  std::vector<std::string> sentences{
      fmt::format("{}: {}.", row_words(planned.space, best), price_words(plan.question, best)),
      times_sentence(best, plan.question), binding_sentence(planned)};
  if (std::string warning = band_warning(best, plan.question); !warning.empty()) {
    sentences.push_back(std::move(warning));
  }
  return sentences;
}

std::string certificate_sentence(const Plan& plan) {
  const explore::PlanCounts& counts = plan.counts;
  std::string words = fmt::format(
      "{} legal points, {} evaluated, the rest excluded by bounds: {} by memory, {} by floors that "
      "break a limit, {} by floors that take too many devices, {} by floors that are no better.",
      integer(counts.legal), integer(counts.evaluated), integer(counts.no_room),
      integer(counts.limits), integer(counts.devices), integer(counts.objective));
  if (!plan.verification) return words;
  const explore::Verification& all = *plan.verification;
  if (all.holds()) {
    return words + fmt::format(" Verified: all {} evaluated, the same answer, no bound broken.",
                               integer(all.evaluated));
  }
  return words + fmt::format(
                     " REFUTED: of {} points {} are better than their floors, {} "
                     "deployments have other room, and the answer is {}.",
                     integer(all.evaluated), integer(all.broken_bounds), integer(all.other_rooms),
                     all.is_same ? "the same" : "another");
}

std::vector<std::string> why_not_sentences(const PlannedSpace& planned) {
  const PlanQuestion& question = planned.plan.question;
  std::vector<std::string> sentences;
  for (const explore::WhyNot& each : planned.plan.why_not) {
    std::string words = kind_words(planned.space, each.kind) + ": ";
    if (each.best) {
      const double more = each.best->objective / planned.plan.best->objective - 1;
      words += fmt::format("{} ({}, {}). ", row_words(planned.space, *each.best),
                           price_words(question, *each.best),
                           more > 0 ? share(more) + " more" : std::string("as much"));
    }
    words += each.cheaper ? fmt::format("For less than the plan: {}.",
                                        miss_words(planned.space, *each.cheaper, question))
                          : "Not one instance that fits is to be had for less than the plan.";
    sentences.push_back(std::move(words));
  }
  for (const Miss& miss : planned.plan.nearest_misses) {
    sentences.push_back(miss_words(planned.space, miss, question) + ".");
  }
  return sentences;
}

std::vector<std::string> relaxation_sentences(const PlannedSpace& planned) {
  const Plan& plan = planned.plan;
  std::vector<std::string> sentences;
  for (const Relaxation& each : plan.relaxations) {
    if (!(each.gain > 0)) continue;
    const std::string deployment = deployment_words(planned.space, each.deployment, each.instances);
    sentences.push_back(plan.best
                            ? fmt::format("{}: {} less: {}", relaxed(each, plan.question),
                                          share(each.gain), deployment)
                            : fmt::format("{}: {}", relaxed(each, plan.question), deployment));
  }
  return sentences;
}

std::vector<std::string> forbidden_sentences(const PlannedSpace& planned) {
  std::vector<std::string> sentences;
  for (const explore::Forbidden& each : planned.plan.forbidden) {
    const explore::Limit& limit = planned.plan.question.subject.limits[each.limit];
    sentences.push_back(
        fmt::format("{} is below the floor of every legal deployment: the nearest, {}, {}, has {}",
                    limit.text, kind_words(planned.space, each.nearest),
                    describe(each.nearest.question.execution.parallelism),
                    shown(limit.metric).show_with_unit(each.least)));
  }
  return sentences;
}

std::vector<const PlanRow*> shown_rows(const Plan& plan) {
  std::vector<const PlanRow*> rows;
  if (plan.best) rows.push_back(&*plan.best);
  for (const PlanRow& each : plan.runners_up) rows.push_back(&each);
  for (const Miss& each : plan.nearest_misses) rows.push_back(&each.row);
  return rows;
}

std::string rows_heading(const Plan& plan) {
  return plan.best ? "The plan and the best of other deployments"
                   : "What comes nearest, of each kind";
}

Table rows_table(const PlannedSpace& planned) {
  Table table;
  const std::vector<const PlanRow*> rows = shown_rows(planned.plan);
  const std::vector<SweepAxis> axes = shown_axes(planned.space);
  const std::vector<LoadColumn> figures = known_columns(rows);
  table.columns = {{"devices", "", Align::right, 0},
                   {"instances", "", Align::right, 0},
                   {"of", "", Align::left, 0}};
  for (const SweepAxis& axis : axes) {
    table.columns.push_back({axis.header, "", axis.is_number ? Align::right : Align::left, 0});
  }
  for (const LoadColumn& each : figures) {
    table.columns.push_back({each.header, each.unit, Align::point, each.rank});
  }
  for (const PlanRow* row : rows) {
    std::vector<Cell> cells{format_integer(row->load.devices), format_integer(row->load.instances),
                            describe(row->candidate.question.execution.parallelism)};
    for (const SweepAxis& axis : axes) cells.emplace_back(axis.words(row->candidate));
    for (const LoadColumn& each : figures) {
      const double value = each.value(row->load);
      cells.emplace_back(value > 0 ? format_number(value) : "–");
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string breached(const Breach& breach, const PlanQuestion& question) {
  return breach.kind == Breach::Kind::rate ? "rate" : question.subject.limits[breach.limit].text;
}

std::string relaxed(const Relaxation& relaxation, const PlanQuestion& question) {
  switch (relaxation.kind) {
    case Relaxation::Kind::limit:
      return question.subject.limits[relaxation.limit].text + " (a tenth looser)";
    case Relaxation::Kind::rate:
      return "the rate (a tenth less)";
    case Relaxation::Kind::memory:
      return "memory (a tenth more)";
    case Relaxation::Kind::devices:
      break;
  }
  return "--max-devices (a tenth more)";
}

}  // namespace ridgepoint::report
