// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ridgepoint::app {

/// While it lives the first Ctrl-C only asks for an early end, and a second one ends the program
/// with 130, as shells count it.
class InterruptAsks {
 public:
  InterruptAsks();
  ~InterruptAsks();
  InterruptAsks(const InterruptAsks&) = delete;
  InterruptAsks& operator=(const InterruptAsks&) = delete;

  /// Whether Ctrl-C was pressed.
  static bool has_asked();

 private:
  void (*before_)(int);
};

}  // namespace ridgepoint::app
