// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

/// What a text is written for.
struct Terminal {
  Charset charset = Charset::utf8;
  bool colour = false;
  int width = 0;  ///< columns; 0 is as wide as it takes
};

/// What a cell says beyond its words; a colour on terminals, a class in HTML.
enum class Tone { plain, faint, memory_bound, compute_bound, warning };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;

  Cell() = default;
  Cell(std::string words, Tone t = Tone::plain) : text(std::move(words)), tone(t) {}  // NOLINT
  Cell(const char* words) : text(words) {}                                            // NOLINT
};

/// Names stand left, words of figures right, numbers with their points in one line.
enum class Align { left, right, point };

struct Column {
  std::string header;
  std::string unit;  ///< of every cell; empty for none
  Align align = Align::left;
  int rank = 0;  ///< on a narrow terminal the highest goes first; 0 stays
};

/// REQUIRES: every row as long as `columns`.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::vector<Cell>> totals;  ///< under a rule
};

/// Aligned text. Columns that the terminal has no room for are left out, and named under the table.
std::string to_text(const Table& table, const Terminal& terminal = {});
/// RFC 4180 with line feeds; headers and cells as they are, without totals.
std::string to_csv(const Table& table);
/// A GitHub table.
std::string to_markdown(const Table& table);
/// A <table> element.
std::string to_html(const Table& table);

}  // namespace ridgepoint::report
