// SPDX-License-Identifier: Apache-2.0
#include "app/interrupt.hpp"

#include <unistd.h>

#include <csignal>

#include "app/verb.hpp"

namespace ridgepoint::app {
namespace {

volatile std::sig_atomic_t asked = 0;

void ask(int) {
  if (asked != 0) ::_exit(kInterrupted);
  asked = 1;
}

}  // namespace

InterruptAsks::InterruptAsks() : before_(std::signal(SIGINT, ask)) {
  asked = 0;
  if (before_ == SIG_IGN) std::signal(SIGINT, SIG_IGN);
}

InterruptAsks::~InterruptAsks() { std::signal(SIGINT, before_); }

bool InterruptAsks::has_asked() { return asked != 0; }

}  // namespace ridgepoint::app
