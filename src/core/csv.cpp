// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::csv {
namespace {

/// Walks the text once, a row at a time.
class Reader {
 public:
  Reader(std::string_view text, std::string_view source) : text_(text), source_(source) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  Result<Table> run() {
    Table table{std::string(source_), {}, {}, {}};
    Row row;
    while (next(row)) {
      if (table.columns.empty()) {
        table.columns = std::move(row.fields);
      } else {
        take(std::move(row), table);
      }
    }
    if (is_open_) {
      return fail(at(open_line_), "a quotation mark is never closed", "close it, or double it");
    }
    if (auto faults = header_faults(table); !faults.empty()) return fail(std::move(faults));
    return table;
  }

 private:
  std::string at(std::size_t line) const { return fmt::format("{}: line {}", source_, line); }

  bool ends_line() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

  /// The fields up to the end of a line that has any; false at the end of the text.
  bool next(Row& row) {
    while (at_ < text_.size() && ends_line()) line_ += text_[at_++] == '\n' ? 1U : 0U;
    if (at_ == text_.size()) return false;
    row = {line_, {}};
    is_stray_ = false;
    while (true) {
      row.fields.push_back(field());
      if (is_open_) return false;
      if (at_ == text_.size() || ends_line()) return true;
      ++at_;  // the comma
    }
  }

  std::string field() {
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') take_quoted(value);
    while (!is_open_ && at_ < text_.size() && text_[at_] != ',' && !ends_line()) {
      is_stray_ = is_stray_ || text_[at_] == '"' || was_quoted_;
      value += text_[at_++];
    }
    was_quoted_ = false;
    return value;
  }

  void take_quoted(std::string& value) {
    open_line_ = line_;
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        value += c;
      } else if (at_ < text_.size() && text_[at_] == '"') {
        value += text_[at_++];
      } else {
        was_quoted_ = true;
        return;
      }
    }
    is_open_ = true;
  }

  void take(Row row, Table& table) const {
    if (is_stray_) {
      table.bad_rows.push_back({at(row.line), "a quotation mark stands inside a field",
                                "quote the whole field, and double the marks inside"});
    } else if (row.fields.size() != table.columns.size()) {
      table.bad_rows.push_back(
          {at(row.line), fmt::format("{} fields", row.fields.size()),
           fmt::format("the first line names {} columns", table.columns.size())});
    } else {
      table.rows.push_back(std::move(row));
    }
  }

  Diagnostics header_faults(const Table& table) const {
    Diagnostics faults;
    if (table.columns.empty()) {
      return {{std::string(source_), "has no first line", "it names the columns"}};
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.column(table.columns[i]) != i) {
        faults.push_back({at(1), fmt::format("two columns are called {}", shown(table.columns[i])),
                          "give each a name of its own"});
      }
    }
    return faults;
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t open_line_ = 1;
  bool is_open_ = false;
  bool is_stray_ = false;
  bool was_quoted_ = false;
};

}  // namespace

std::size_t Table::column(std::string_view name) const {
  return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) -
                                  columns.begin());
}

Result<Table> read(std::string_view text, std::string_view source) {
  return Reader(text, source).run();
}

std::string RowReader::text(std::string_view column) const {
  const std::size_t at = table_.column(column);
  return at == table_.columns.size() ? std::string() : row_.fields[at];
}

void RowReader::complain(const std::string& what, const std::string& help) {
  if (!fault_) fault_ = Diagnostic{where(), what, help};
}

std::string RowReader::where() const {
  return fmt::format("{}: line {}", table_.source, row_.line);
}

std::optional<double> to_number(std::string_view field) {
  double value = 0;
  const char* const last = field.data() + field.size();
  const auto [end, error] = std::from_chars(field.data(), last, value);
  if (error != std::errc() || end != last || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace ridgepoint::csv
