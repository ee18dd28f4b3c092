// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "report/text.hpp"
#include "report/utf8.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {
namespace {

using Row = std::vector<Cell>;
constexpr std::size_t kGap = 2;

std::vector<Row> all_rows(const Table& table) {
  std::vector<Row> rows = table.rows;
  rows.insert(rows.end(), table.totals.begin(), table.totals.end());
  return rows;
}

/// The part of a number before its point, and the point with what follows.
std::pair<std::string, std::string> split_at_point(const std::string& number) {
  const std::size_t point = std::min(number.find('.'), number.size());
  return {number.substr(0, point), number.substr(point)};
}

/// One column laid out for text: what each cell says and how wide all of them are.
class TextColumn {
 public:
  TextColumn(const Column& column, std::size_t index, const std::vector<Row>& rows,
             const Terminal& terminal)
      : align_(column.align), terminal_(terminal) {
    head_ = {spelled(column.header, terminal), spelled(column.unit, terminal)};
    for (const Row& row : rows) cells_.push_back(spelled(row[index].text, terminal));
    if (align_ == Align::point) align_points();
    for (const auto* texts : {&head_, &cells_}) {
      for (const std::string& text : *texts) width_ = std::max(width_, display_width(text));
    }
  }

  std::size_t width() const { return width_; }
  std::string head(std::size_t line) const { return padded(head_[line], Tone::faint); }
  std::string cell(std::size_t row, Tone tone) const { return padded(cells_[row], tone); }

 private:
  void align_points() {
    std::size_t before = 0;
    std::size_t after = 0;
    for (const std::string& text : cells_) {
      const auto [whole, rest] = split_at_point(text);
      before = std::max(before, display_width(whole));
      after = std::max(after, rest.size());
    }
    for (std::string& text : cells_) {
      text += std::string(after - split_at_point(text).second.size(), ' ');
    }
  }

  std::string padded(const std::string& text, Tone tone) const {
    const std::string space(width_ - display_width(text), ' ');
    const std::string shown = coloured(text, tone, terminal_);
    return align_ == Align::left ? shown + space : space + shown;
  }

  Align align_;
  const Terminal& terminal_;
  std::vector<std::string> head_;
  std::vector<std::string> cells_;
  std::size_t width_ = 0;
};

std::size_t total_width(const std::vector<TextColumn>& columns, const std::vector<bool>& shown) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (shown[i]) width += columns[i].width() + (width == 0 ? 0 : kGap);
  }
  return width;
}

/// Leaves out columns by rank until the rest fits the terminal.
std::vector<bool> choose_columns(const Table& table, const std::vector<TextColumn>& laid_out,
                                 int width) {
  std::vector<bool> shown(table.columns.size(), true);
  while (width > 0 && total_width(laid_out, shown) > static_cast<std::size_t>(width)) {
    std::size_t victim = table.columns.size();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (!shown[i] || table.columns[i].rank == 0) continue;
      if (victim == table.columns.size() || table.columns[i].rank > table.columns[victim].rank) {
        victim = i;
      }
    }
    if (victim == table.columns.size()) break;
    shown[victim] = false;
  }
  return shown;
}

/// Joins what `text_of` gives for each shown column; no blanks at the end of a line.
template <class F>
std::string line(const std::vector<bool>& shown, F text_of) {
  std::string result;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!shown[i]) continue;
    if (!result.empty()) result.append(kGap, ' ');
    result += text_of(i);
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result + "\n";
}

std::string left_out_note(const Table& table, const std::vector<bool>& shown,
                          const Terminal& terminal) {
  std::string names;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i]) continue;
    names += (names.empty() ? "" : ", ") + table.columns[i].header;
  }
  if (names.empty()) return {};
  return wrapped(fmt::format("left out to fit {} columns: {}", terminal.width, names), terminal);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string header_with_unit(const Column& column) {
  return column.unit.empty() ? column.header : fmt::format("{} ({})", column.header, column.unit);
}

std::string_view css_class(Tone tone) {
  switch (tone) {
    case Tone::faint:
      return "faint";
    case Tone::memory_bound:
      return "memory";
    case Tone::compute_bound:
      return "compute";
    case Tone::warning:
      return "warning";
    case Tone::plain:
      break;
  }
  return "";
}

/// The fraction of every number padded with spaces as wide as figures, so that points align.
std::vector<std::size_t> longest_fractions(const Table& table) {
  std::vector<std::size_t> longest(table.columns.size(), 0);
  for (const Row& row : all_rows(table)) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      longest[i] = std::max(longest[i], split_at_point(row[i].text).second.size());
    }
  }
  return longest;
}

std::string padded_fraction(const std::string& text, std::size_t longest) {
  constexpr std::string_view kFigureSpace = "\u2007";
  constexpr std::string_view kPunctuationSpace = "\u2008";
  std::string result = text;
  for (std::size_t i = split_at_point(text).second.size(); i < longest; ++i) {
    result += i == 0 ? kPunctuationSpace : kFigureSpace;
  }
  return result;
}

void write_html_row(XmlWriter& out, const Table& table, const Row& row,
                    const std::vector<std::size_t>& fractions) {
  out.open("tr");
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_number = table.columns[i].align == Align::point;
    std::string classes(table.columns[i].align == Align::left ? "left" : "right");
    if (const auto tone = css_class(row[i].tone); !tone.empty())
      classes += fmt::format(" {}", tone);
    out.element(i == 0 ? "th" : "td", {{"class", classes}},
                is_number ? padded_fraction(row[i].text, fractions[i]) : row[i].text);
  }
  out.close();
}

}  // namespace

std::string to_text(const Table& table, const Terminal& terminal) {
  const std::vector<Row> rows = all_rows(table);
  std::vector<TextColumn> columns;
  columns.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    columns.emplace_back(table.columns[i], i, rows, terminal);
  }
  const std::vector<bool> shown = choose_columns(table, columns, terminal.width);
  const auto has_unit = [](const Column& column) { return !column.unit.empty(); };
  const std::string rule = coloured(repeated(spelled("─", terminal), total_width(columns, shown)),
                                    Tone::faint, terminal) +
                           "\n";

  std::string out = line(shown, [&](std::size_t i) { return columns[i].head(0); });
  if (std::any_of(table.columns.begin(), table.columns.end(), has_unit)) {
    out += line(shown, [&](std::size_t i) { return columns[i].head(1); });
  }
  out += rule;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    assert(rows[r].size() == columns.size());
    if (r == table.rows.size()) out += rule;
    out += line(shown, [&](std::size_t i) { return columns[i].cell(r, rows[r][i].tone); });
  }
  return out + left_out_note(table, shown, terminal);
}

std::string to_csv(const Table& table) {
  std::string out;
  const auto add = [&](bool first, const std::string& text) {
    out += (first ? "" : ",") + csv_field(text);
  };
  for (std::size_t i = 0; i < table.columns.size(); ++i) add(i == 0, table.columns[i].header);
  out += '\n';
  for (const Row& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) add(i == 0, row[i].text);
    out += '\n';
  }
  return out;
}

std::string to_markdown(const Table& table) {
  std::string out = "|";
  for (const Column& column : table.columns) {
    out += fmt::format(" {} |", escape_markdown(header_with_unit(column)));
  }
  out += "\n|";
  for (const Column& column : table.columns) out += column.align == Align::left ? "---|" : "--:|";
  out += '\n';
  for (const Row& row : all_rows(table)) {
    out += '|';
    for (const Cell& cell : row) out += fmt::format(" {} |", escape_markdown(cell.text));
    out += '\n';
  }
  return out;
}

std::string to_html(const Table& table) {
  const std::vector<std::size_t> fractions = longest_fractions(table);
  XmlWriter out;
  out.open("table").open("thead").open("tr");
  for (const Column& column : table.columns) {
    out.open("th", {{"scope", "col"}, {"class", column.align == Align::left ? "left" : "right"}});
    out.text(column.header);
    if (!column.unit.empty()) out.element("span", {{"class", "unit"}}, column.unit);
    out.close();
  }
  out.close().close().open("tbody");
  for (const Row& row : table.rows) write_html_row(out, table, row, fractions);
  out.close();
  if (!table.totals.empty()) {
    out.open("tfoot");
    for (const Row& row : table.totals) write_html_row(out, table, row, fractions);
    out.close();
  }
  out.close();
  return std::move(out).take();
}

}  // namespace ridgepoint::report
