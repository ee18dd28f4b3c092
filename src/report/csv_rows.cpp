// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iterator>

#include "report/row_columns.hpp"
#include "report/space_json.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/report/row_files.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {
namespace {

/// One line of CSV.
std::string line_of(const std::vector<std::string>& fields) {
  Table table;
  for (const std::string& field : fields) table.columns.push_back({field, "", Align::left, 0});
  return to_csv(table);
}

class CsvRows : public RowFile {
 public:
  explicit CsvRows(const explore::Space& space) : space_(space), columns_(space) {}

  std::string head() const override {
    std::vector<std::string> names;
    for (const SweepAxis& axis : columns_.deployment) names.emplace_back(axis.key);
    for (const SweepAxis& axis : columns_.load) names.emplace_back(axis.key);
    for (const char* name : RowColumns::kOfRoom) names.emplace_back(name);
    for (const RequestFigure& figure : columns_.figures) names.emplace_back(figure.key);
    return line_of(names);
  }

  std::string encode(const std::vector<explore::KeptPoint>& points) const override {
    explore::Candidate candidate = space_.point(points.front().point);
    const std::string deployment = deployment_of(candidate);
    std::string out;
    for (const explore::KeptPoint& point : points) {
      space_.set_load(point.point, candidate.question);
      out += deployment;
      for (const SweepAxis& axis : columns_.load) out += axis.json(candidate).dump() + ",";
      out += fits(candidate, point) ? "true," : "false,";
      out += format_exact(point.room);
      for (const RequestFigure& figure : columns_.figures) {
        out += "," + format_exact(point.times.*figure.value);
      }
      out += "\n";
    }
    return out;
  }

  std::string add(std::string_view rows) override { return std::string(rows); }
  std::string tail() override { return {}; }

 private:
  std::string deployment_of(const explore::Candidate& candidate) const {
    std::vector<std::string> fields;
    for (const SweepAxis& axis : columns_.deployment) {
      fields.push_back(field_text(axis.json(candidate)));
    }
    std::string line = line_of(fields);
    line.back() = ',';
    return line;
  }

  const explore::Space& space_;
  RowColumns columns_;
};

}  // namespace

RowColumns::RowColumns(const explore::Space& space) {
  for (SweepAxis& axis : sweep_axes(space.axes())) {
    (axis.group == SweepAxis::Group::load ? load : deployment).push_back(axis);
  }
  for (const RequestFigure& figure : kRequestFigures) {
    const bool is_of_counts =
        figure.value == &predict::RequestTimes::mfu || figure.value == &predict::RequestTimes::mbu;
    if (!is_of_counts) figures.push_back(figure);
  }
}

bool fits(const explore::Candidate& candidate, const explore::KeptPoint& point) {
  return point.room >= static_cast<double>(candidate.question.batch);
}

std::unique_ptr<RowFile> csv_rows(const explore::Space& space) {
  return std::make_unique<CsvRows>(space);
}

}  // namespace ridgepoint::report
