// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/common_options.hpp"
#include "ridgepoint/report/catalog_report.hpp"
#include "ridgepoint/report/comparison_report.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/fit_report.hpp"
#include "ridgepoint/report/inverse_report.hpp"
#include "ridgepoint/report/plan_report.hpp"
#include "ridgepoint/report/score_report.hpp"
#include "ridgepoint/report/sensitivity_report.hpp"
#include "ridgepoint/report/speculation_report.hpp"
#include "ridgepoint/report/statistics_report.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::app {

// What most verbs have in common: one answer in four forms.
inline constexpr std::string_view kTableFormats = "table|json|csv|md";
/// Of the verbs about deployments, which make pages too.
inline constexpr std::string_view kPageFormats = "table|json|csv|md|html";

/// The page of an answer that has one.
template <class T>
  requires requires(const T& content) { report::to_html(content); }
std::string page_of(const T& content) {
  return report::to_html(content);
}
inline std::string page_of(const predict::Estimate& content) {
  return report::to_html(content, predict::batch_curve(content));
}

/// The document that `report` makes of anything tabular.
template <class T>
Answer tabular_answer(const T& content, const std::string& format,
                      const report::Terminal& terminal) {
  if (format == "json") return {report::to_json(content), {}};
  if (format == "csv") return {report::to_csv(content), {}};
  if (format == "md") return {report::to_markdown(content), {}};
  if constexpr (requires { page_of(content); }) {
    if (format == "html") return {page_of(content), {}};
  }
  return {report::to_text(content, terminal), {}};
}

}  // namespace ridgepoint::app
