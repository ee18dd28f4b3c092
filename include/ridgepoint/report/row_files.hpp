// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/explore/row_stream.hpp"
#include "ridgepoint/explore/space.hpp"

namespace ridgepoint::report {

/// Every point that keeps to the subject, one row each: where it is on all axes, and its figures.
class RowFile {
 public:
  virtual ~RowFile() = default;

  virtual std::string head() const = 0;
  /// Of points of one deployment; several threads may ask at once.
  virtual std::string encode(const std::vector<explore::KeptPoint>& points) const = 0;
  /// What is to be written once these rows, encoded, are there too, in the order of points.
  virtual std::string add(std::string_view rows) = 0;
  virtual std::string tail() = 0;
};

/// Lines under a line of names.
std::unique_ptr<RowFile> csv_rows(const explore::Space& space);

/// Columns of binary numbers, in groups of rows, as docs/exploring.md lays them out.
std::unique_ptr<RowFile> column_rows(const explore::Space& space);

inline constexpr std::string_view kColumnsMagic = "RIDGECOL";
inline constexpr std::uint32_t kColumnsVersion = 1;
inline constexpr std::size_t kRowsOfGroup = 65536;

}  // namespace ridgepoint::report
