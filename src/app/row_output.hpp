// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/arguments.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/explore/sweep.hpp"
#include "ridgepoint/report/row_files.hpp"

namespace ridgepoint::app {

/// The file of --rows while a sweep writes it.
class RowOutput {
 public:
  /// REQUIRES: a name that check_rows found good; the space outlives it.
  static Result<std::unique_ptr<RowOutput>> create(const std::string& path,
                                                   const explore::Space& space);

  /// Where the sweep puts its rows; this outlives it.
  explore::RowStream stream();
  /// What went wrong so far.
  const Diagnostics& faults() const { return faults_; }
  /// Puts the file to its path. Errors: all that went wrong.
  Result<void> finish();

 private:
  RowOutput(AtomicFile file, std::unique_ptr<report::RowFile> rows);
  bool write(std::string_view piece);

  AtomicFile file_;
  std::unique_ptr<report::RowFile> rows_;
  Diagnostics faults_;
};

/// What is wrong with --rows beside other words.
void check_rows(const Arguments& arguments, Faults& faults);

}  // namespace ridgepoint::app
