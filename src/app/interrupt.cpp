// SPDX-License-Identifier: Apache-2.0
#include "app/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "app/verb.hpp"

namespace ridgepoint::app {
namespace {

volatile std::sig_atomic_t asked = 0;

void end(int) {
  if (::isatty(STDERR_FILENO) == 1) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, "\n", 1);
  }
  ::_exit(kInterrupted);
}

void ask(int signal) {
  if (asked != 0) end(signal);
  asked = 1;
}

/// What was there before; a program that was started to ignore Ctrl-C goes on doing so.
InterruptHandler handle(int signal, InterruptHandler handler) {
  const InterruptHandler before = std::signal(signal, handler);
  if (before == SIG_IGN) std::signal(signal, SIG_IGN);
  return before;
}

}  // namespace

InterruptEnds::InterruptEnds() : before_(handle(SIGINT, end)) {}
InterruptEnds::~InterruptEnds() { std::signal(SIGINT, before_); }

InterruptAsks::InterruptAsks() {
  asked = 0;
  before_ = handle(SIGINT, ask);
  before_term_ = handle(SIGTERM, ask);
}
InterruptAsks::~InterruptAsks() {
  std::signal(SIGINT, before_);
  std::signal(SIGTERM, before_term_);
}

bool InterruptAsks::has_asked() { return asked != 0; }

}  // namespace ridgepoint::app
