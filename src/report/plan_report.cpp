// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/plan_report.hpp"

#include <fmt/format.h>

#include <array>

#include "report/answer_words.hpp"
#include "report/inputs_json.hpp"
#include "report/plan_words.hpp"
#include "report/space_json.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Candidate;
using explore::Plan;
using explore::PlanRow;

/// How people and machines call a figure of a planned load.
struct LoadFigure {
  const char* key;
  double (*value)(const explore::PlannedLoad& load);
};

using Load = explore::PlannedLoad;
constexpr std::array kLoadFigures{
    LoadFigure{"ttft_s", [](const Load& load) { return load.times.ttft_s; }},
    LoadFigure{"prompt_s", [](const Load& load) { return load.loop.ttft_s; }},
    LoadFigure{"waiting_for_slot_s", [](const Load& load) { return load.waiting.for_slot_s; }},
    LoadFigure{"waiting_for_prompts_s",
               [](const Load& load) { return load.waiting.for_prompts_s; }},
    LoadFigure{"waiting_for_step_s", [](const Load& load) { return load.waiting.for_step_s; }},
    LoadFigure{"tpot_s", [](const Load& load) { return load.times.tpot_s; }},
    LoadFigure{"e2el_s", [](const Load& load) { return load.times.e2el_s; }},
    LoadFigure{"utilization", [](const Load& load) { return load.utilization; }},
    LoadFigure{"throughput_tokens_per_s",
               [](const Load& load) { return load.times.throughput_tokens_per_s; }},
    LoadFigure{"per_device_tokens_per_s",
               [](const Load& load) { return load.times.per_device_tokens_per_s; }},
    LoadFigure{"dollars_per_hour", [](const Load& load) { return load.dollars_per_hour; }},
    LoadFigure{"cost_per_million_tokens",
               [](const Load& load) { return load.times.cost_per_million_tokens; }},
    LoadFigure{"power_watts", [](const Load& load) { return load.watts; }},
    LoadFigure{"energy_j_per_token",
               [](const Load& load) { return load.times.energy_j_per_token; }}};

Json row_json(const PlannedSpace& planned, const PlanRow& row) {
  Json out = candidate_json(planned.space.axes(), row.candidate);
  out["instances"] = row.load.instances;
  out["total_devices"] = row.load.devices;
  out["objective"] = row.objective;
  for (const LoadFigure& figure : kLoadFigures) out[figure.key] = figure.value(row.load);
  if (row.tpot_band) {
    out["tpot_band80"] = {{"low_s", row.tpot_band->low_s}, {"high_s", row.tpot_band->high_s}};
  }
  return out;
}

Json miss_json(const PlannedSpace& planned, const explore::Miss& miss) {
  Json out = row_json(planned, miss.row);
  out["breaches"] = Json::array();
  for (const explore::Breach& each : miss.breaches) {
    out["breaches"].push_back({{"of", breached(each, planned.plan.question)},
                               {"value", each.value},
                               {"excess", each.by}});
  }
  return out;
}

Json why_not_json(const PlannedSpace& planned, const explore::WhyNot& why) {
  Json out{{"model", why.kind.model->name},
           {"device", why.kind.device->name},
           {"weights",
            weights_name(why.kind.model->architecture, why.kind.question.execution.precision)}};
  if (why.best) out["best"] = row_json(planned, *why.best);
  if (why.cheaper) out["cheaper"] = miss_json(planned, *why.cheaper);
  return out;
}

Json relaxation_json(const PlannedSpace& planned, const explore::Relaxation& each) {
  return {{"of", relaxed(each, planned.plan.question)},
          {"objective", each.objective},
          {"gain", each.gain},
          {"instances", each.instances},
          {"deployment", candidate_json(planned.space.axes(), each.deployment)}};
}

Json counts_json(const explore::PlanCounts& counts) {
  return {{"legal", counts.legal},     {"evaluated", counts.evaluated},
          {"no_room", counts.no_room}, {"limits", counts.limits},
          {"devices", counts.devices}, {"objective", counts.objective}};
}

Json certificates_json(const PlannedSpace& planned) {
  Json all = Json::array();
  for (const explore::Certificate& each : planned.plan.certificates) {
    Json one = candidate_json(planned.space.axes(), each.deployment);
    one.erase("batch");
    one["points"] = counts_json(each.counts);
    if (each.least_objective) one["least_objective"] = *each.least_objective;
    all.push_back(std::move(one));
  }
  return all;
}

Json inputs_json(const PlannedSpace& planned) {
  const explore::Axes& axes = planned.space.axes();
  const explore::PlanQuestion& question = planned.plan.question;
  Json inputs{{"models", names_json(axes.models)},
              {"devices", names_json(axes.devices)},
              {"rate_requests_per_s", question.requests_per_s},
              {"input", axes.input.front()},
              {"output", axes.output.front()},
              {"mode", name(question.reading)},
              {"subject", subject_words(question.subject)},
              {"objective", name(question.objective)},
              {"max_devices", question.max_devices},
              {"utilization", question.utilization},
              {"percentile", question.percentile.value_or(0)},
              {"batch", axes.batch}};
  add_engine(inputs, planned.space.point(0).question.execution.engine);
  return inputs;
}

void add_verification(const Plan& plan, Json& document) {
  if (!plan.verification) return;
  const explore::Verification& all = *plan.verification;
  document["verification"] = {{"evaluated", all.evaluated},
                              {"broken_bounds", all.broken_bounds},
                              {"other_rooms", all.other_rooms},
                              {"same_answer", all.is_same},
                              {"holds", all.holds()}};
}

}  // namespace

std::string to_text(const PlannedSpace& planned, const Terminal& terminal) {
  const Plan& plan = planned.plan;
  std::string out = bold(wrapped(plan_headline(planned), terminal), terminal);
  for (const std::string& each : plan_sentences(planned)) out += wrapped(each, terminal);
  for (const std::string& each : forbidden_sentences(planned)) out += wrapped(each + ".", terminal);
  out += wrapped(certificate_sentence(plan), terminal);
  if (!shown_rows(plan).empty()) {
    out += "\n" + wrapped(rows_heading(plan), terminal);
    out += to_text(rows_table(planned), terminal);
  }
  const auto list = [&](const char* heading, const std::vector<std::string>& sentences) {
    if (!sentences.empty()) out += "\n" + listed(heading, sentences, terminal);
  };
  list(plan.best ? "Why not" : "What is missing", why_not_sentences(planned));
  list("What would help", relaxation_sentences(planned));
  list("Left out", left_out_sentences(plan.left_out));
  list("Assumptions", plan.assumptions);
  return out;
}

std::string to_json(const PlannedSpace& planned) {
  const Plan& plan = planned.plan;
  const auto row = [&](const PlanRow& each) { return row_json(planned, each); };
  Json document = envelope("plan", inputs_json(planned), plan.assumptions);
  document["met"] = plan.best.has_value();
  document["best"] = plan.best ? row(*plan.best) : Json::object();
  document["runners_up"] = array_of(plan.runners_up, row);
  document["why_not"] =
      array_of(plan.why_not, [&](const auto& each) { return why_not_json(planned, each); });
  document["points"] = planned.space.points();
  document["legal"] = plan.counts.legal;
  document["evaluated"] = plan.counts.evaluated;
  document["excluded_by_bounds"] = plan.counts.excluded();
  document["excluded"] = counts_json(plan.counts);
  document["binding"] = Json::array();
  for (const explore::Relaxation& each : plan.relaxations) {
    if (each.gain > 0) document["binding"].push_back(relaxation_json(planned, each));
  }
  document["nearest_misses"] =
      array_of(plan.nearest_misses, [&](const auto& each) { return miss_json(planned, each); });
  document["forbidden"] = Json::array();
  for (const explore::Forbidden& each : plan.forbidden) {
    document["forbidden"].push_back(
        {{"of", plan.question.subject.limits[each.limit].text},
         {"least", each.least},
         {"nearest", candidate_json(planned.space.axes(), each.nearest)}});
  }
  document["certificate"] = certificates_json(planned);
  add_verification(plan, document);
  document["left_out"] = left_out_json(plan.left_out);
  return dump(document);
}

std::string to_csv(const PlannedSpace& planned) {
  Table table;
  const auto axes = sweep_axes(planned.space.axes());
  const auto column = [&](const char* key) { table.columns.push_back({key, "", Align::left, 0}); };
  column("met");
  for (const SweepAxis& axis : axes) column(axis.key);
  column("instances");
  column("total_devices");
  for (const LoadFigure& figure : kLoadFigures) column(figure.key);
  for (const PlanRow* row : shown_rows(planned.plan)) {
    std::vector<Cell> cells{Cell(planned.plan.best ? "true" : "false")};
    for (const SweepAxis& axis : axes) cells.emplace_back(field_text(axis.json(row->candidate)));
    cells.emplace_back(fmt::to_string(row->load.instances));
    cells.emplace_back(fmt::to_string(row->load.devices));
    for (const LoadFigure& figure : kLoadFigures) {
      cells.emplace_back(format_exact(figure.value(row->load)));
    }
    table.rows.push_back(std::move(cells));
  }
  return to_csv(table);
}

std::string to_markdown(const PlannedSpace& planned) {
  const Plan& plan = planned.plan;
  std::string out = fmt::format("# {}\n\n", escape_markdown(plan_headline(planned)));
  for (const std::string& each : escaped(plan_sentences(planned))) out += each + "\n";
  for (const std::string& each : escaped(forbidden_sentences(planned))) out += each + ".\n";
  out += escape_markdown(certificate_sentence(plan)) + "\n";
  if (!shown_rows(plan).empty()) {
    out += fmt::format("\n## {}\n\n{}", rows_heading(plan), to_markdown(rows_table(planned)));
  }
  out += markdown_section(plan.best ? "Why not" : "What is missing", why_not_sentences(planned));
  out += markdown_section("What would help", relaxation_sentences(planned));
  out += markdown_section("Left out", left_out_sentences(plan.left_out));
  return out + markdown_section("Assumptions", plan.assumptions);
}

}  // namespace ridgepoint::report
