// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace ridgepoint::app {

/// One line on stderr that grows while work goes on; nothing where stderr is no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string_view what);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool is_shown() const { return is_shown_; }
  /// No more often than people can see. `aside` stands behind it, cut to what the terminal has room
  /// for.
  void show(std::size_t done, std::size_t all, std::string_view aside = {});

 private:
  std::string what_;
  bool is_shown_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
};

/// "[######....] kernel 3 of 5, 0.4/s, 5 s left"
std::string progress_line(std::string_view what, std::size_t done, std::size_t all, double seconds);

}  // namespace ridgepoint::app
