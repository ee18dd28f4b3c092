// SPDX-License-Identifier: Apache-2.0
#include "app/row_output.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::app {

RowOutput::RowOutput(AtomicFile file, std::unique_ptr<report::RowFile> rows)
    : file_(std::move(file)), rows_(std::move(rows)) {}

Result<std::unique_ptr<RowOutput>> RowOutput::create(const std::string& path,
                                                     const explore::Space& space) {
  auto file = AtomicFile::create(path);
  if (!file) return fail(file.error());
  auto rows = path.ends_with(".csv") ? report::csv_rows(space) : report::column_rows(space);
  std::unique_ptr<RowOutput> output(new RowOutput(std::move(*file), std::move(rows)));
  output->write(output->rows_->head());
  if (!output->faults_.empty()) return fail(output->faults_);
  return output;
}

explore::RowStream RowOutput::stream() {
  return {[this](const std::vector<explore::KeptPoint>& points) { return rows_->encode(points); },
          [this](std::string_view rows) { return write(rows_->add(rows)); }};
}

Result<void> RowOutput::finish() {
  if (write(rows_->tail())) {
    if (auto done = file_.commit(); !done) faults_ = done.error();
  }
  if (!faults_.empty()) return fail(faults_);
  return {};
}

bool RowOutput::write(std::string_view piece) {
  if (!faults_.empty()) return false;
  if (auto written = file_.write(piece); !written) faults_ = written.error();
  return faults_.empty();
}

namespace {

/// Whether two names lead to the same place, be there a file or not.
bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(a, ignored) ==
         std::filesystem::weakly_canonical(b, ignored);
}

}  // namespace

void check_rows(const Arguments& arguments, Faults& faults) {
  if (!arguments.has("--rows")) return;
  const std::string path = arguments.value("--rows");
  if (!path.ends_with(".csv") && !path.ends_with(".rpc")) {
    faults.add("--rows", fmt::format("\"{}\" is the name of no kind of file", shown(path)),
               "end it with .csv, or with .rpc for binary columns");
  }
  if (arguments.has("--out") && is_same_file(path, arguments.value("--out"))) {
    faults.add("--rows", "is the file of --out, too", "name two files");
  }
  if (arguments.has("--resume")) {
    faults.add("--rows", "rows of a sweep that goes on would be those of its last run alone",
               "leave out --resume, or write the rows of each --shard");
  }
}

}  // namespace ridgepoint::app
