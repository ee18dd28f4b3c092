// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ridgepoint::app {

using InterruptHandler = void (*)(int);

/// While it lives Ctrl-C ends the program with 130, as shells count it, on a line of its own.
class InterruptEnds {
 public:
  InterruptEnds();
  ~InterruptEnds();
  InterruptEnds(const InterruptEnds&) = delete;
  InterruptEnds& operator=(const InterruptEnds&) = delete;

 private:
  InterruptHandler before_;
};

/// While it lives the first Ctrl-C only asks for an early end, and a second one ends the program;
/// so do SIGTERMs, by which batch systems and launchers end one.
class InterruptAsks {
 public:
  InterruptAsks();
  ~InterruptAsks();
  InterruptAsks(const InterruptAsks&) = delete;
  InterruptAsks& operator=(const InterruptAsks&) = delete;

  /// Whether Ctrl-C was pressed.
  static bool has_asked();

 private:
  InterruptHandler before_;
  InterruptHandler before_term_;
};

}  // namespace ridgepoint::app
