// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::app {
namespace {

void print_faults(const Diagnostics& faults) {
  for (const Diagnostic& fault : faults) {
    fmt::print(stderr, "ridgepoint: {}: {}\n", fault.where, fault.what);
    if (!fault.help.empty()) fmt::print(stderr, "  help: {}\n", fault.help);
  }
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    fmt::print(stderr, "ridgepoint: warning: {}\n", warning);
  }
}

/// Whether all of a text reached stdout.
bool print_to_stdout(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written;
}

int deliver(const Answer& answer, const Arguments& arguments) {
  const bool is_filed = arguments.has("--out");
  if (is_filed) {
    const auto written = write_file_atomically(arguments.value("--out"), answer.document);
    if (!written) {
      print_faults(written.error());
      return kBadInput;
    }
  }
  if (print_to_stdout(is_filed ? answer.summary : answer.document)) return kGood;
  print_faults({{"stdout", "could not be written", "is the disk full?"}});
  return kBadInput;
}

int run_verb(const Invocation& invocation) {
  const Result<Answer> answer = invocation.verb->run(invocation.arguments);
  if (!answer) {
    print_faults(answer.error());
    return kBadInput;
  }
  print_warnings(invocation.remarks);
  print_warnings(answer->warnings);
  const int delivered = deliver(*answer, invocation.arguments);
  return delivered != kGood ? delivered : answer->exit_code;
}

int run(const std::vector<std::string>& words) {
  const auto parsed = parse_command_line(words);
  if (!parsed) {
    print_faults(parsed.error());
    return kBadInput;
  }
  if (const auto* notice = std::get_if<Notice>(&*parsed)) {
    return print_to_stdout(notice->text) ? kGood : kBadInput;
  }
  return run_verb(std::get<Invocation>(*parsed));
}

/// What ranks do that do not speak for all: their share of the work, where the verb has one.
int help(const std::vector<std::string>& words) {
  const auto parsed = parse_command_line(words);
  const auto* invocation = parsed ? std::get_if<Invocation>(&*parsed) : nullptr;
  if (invocation != nullptr && invocation->verb->is_for_ranks) {
    invocation->verb->run(invocation->arguments);
  }
  return kGood;
}

/// The ranks of a launcher, or this process alone, all with the words of the first one.
int run_together(const std::vector<std::string>& given) {
  const distribute::Session session;
  const std::vector<std::string> words = distribute::shared(given);
  return distribute::rank() == 0 ? run(words) : help(words);
}

}  // namespace
}  // namespace ridgepoint::app

int main(int argc, char** argv) {
  try {
    return ridgepoint::app::run_together(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    fmt::print(stderr, "ridgepoint: internal error: {}\n", error.what());
    ridgepoint::distribute::abandon(ridgepoint::app::kInternalError);
    return ridgepoint::app::kInternalError;
  }
}
