// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::csv {

struct Row {
  std::size_t line = 0;  ///< where it begins, counted from 1
  std::vector<std::string> fields;
};

/// Rows of equal length under the names of the first line.
struct Table {
  std::string source;  ///< of the text, for diagnostics
  std::vector<std::string> columns;
  std::vector<Row> rows;
  Diagnostics bad_rows;  ///< those with more or fewer fields, or with a stray quotation mark

  /// The place of a column; columns.size() where there is none of that name.
  std::size_t column(std::string_view name) const;
  bool has(std::string_view name) const { return column(name) != columns.size(); }
};

/// RFC 4180, with either kind of line end; empty lines are passed over. Errors: no first line, a
/// name twice in it, a quotation mark that is never closed.
Result<Table> read(std::string_view text, std::string_view source);

/// One row under the names of its table; the first thing that is wrong with it is kept. Both
/// outlive the reader.
class RowReader {
 public:
  RowReader(const Table& table, const Row& row) : table_(table), row_(row) {}

  /// Empty where the table has no such column.
  std::string text(std::string_view column) const;
  void complain(const std::string& what, const std::string& help);
  std::string where() const;  ///< "gemm.csv: line 17"
  const std::optional<Diagnostic>& fault() const { return fault_; }

 private:
  const Table& table_;
  const Row& row_;
  std::optional<Diagnostic> fault_;
};

/// A whole field as a finite number.
std::optional<double> to_number(std::string_view field);

}  // namespace ridgepoint::csv
