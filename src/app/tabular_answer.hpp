// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "app/common_options.hpp"
#include "ridgepoint/report/catalog_report.hpp"
#include "ridgepoint/report/comparison_report.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/fit_report.hpp"
#include "ridgepoint/report/speculation_report.hpp"
#include "ridgepoint/report/statistics_report.hpp"

namespace ridgepoint::app {

// What most verbs have in common: one answer in four forms.
inline constexpr std::string_view kTableFormats = "table|json|csv|md";

/// The document that `report` makes of anything tabular.
template <class T>
Answer tabular_answer(const T& content, const std::string& format,
                      const report::Terminal& terminal) {
  if (format == "json") return {report::to_json(content), {}};
  if (format == "csv") return {report::to_csv(content), {}};
  if (format == "md") return {report::to_markdown(content), {}};
  return {report::to_text(content, terminal), {}};
}

}  // namespace ridgepoint::app
