// SPDX-License-Identifier: Apache-2.0
#include "app/progress_bar.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";

/// Columns of a line that can be erased: one that wraps cannot.
std::size_t room() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsual;
}

}  // namespace

ProgressBar::ProgressBar(std::string_view what)
    : what_(what),
      is_shown_(::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      shown_(start_ - std::chrono::hours(1)) {}

ProgressBar::~ProgressBar() {
  if (is_shown_) fmt::print(stderr, "{}", kEraseLine);
}

void ProgressBar::show(std::size_t done, std::size_t all, std::string_view aside) {
  constexpr std::chrono::milliseconds kPause(100);
  if (!is_shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < kPause) return;
  shown_ = now;
  const std::chrono::duration<double> since = now - start_;
  std::string line = progress_line(what_, done, all, since.count());
  if (!aside.empty()) line += "; " + printable(aside);
  fmt::print(stderr, "{}{}", kEraseLine, characters(line, 0, room()));
  std::fflush(stderr);
}

std::string progress_line(std::string_view what, std::size_t done, std::size_t all,
                          double seconds) {
  constexpr std::size_t kWidth = 20;
  const std::size_t filled = all == 0 ? kWidth : kWidth * done / all;
  std::string line =
      fmt::format("[{:#<{}}{:.<{}}] {} {} of {}", "", filled, "", kWidth - filled, what, done, all);
  if (done == 0 || !(seconds > 0)) return line;
  const double rate = static_cast<double>(done) / seconds;
  const double left = static_cast<double>(all - done) / rate;
  return line + fmt::format(", {}/s, {} s left", format_number(rate, 2), std::ceil(left));
}

}  // namespace ridgepoint::app
