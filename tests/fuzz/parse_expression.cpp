// SPDX-License-Identifier: Apache-2.0
// Any bytes to the five readers of expression text. What parses must print, and read back equal.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ridgepoint/symbolic/parse.hpp"

namespace {

using ridgepoint::Diagnostic;
using ridgepoint::Diagnostics;
using ridgepoint::Result;
using ridgepoint::symbolic::Expr;

void require(bool holds, const char* law, std::string_view text) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n%.*s\n", law, static_cast<int>(text.size()), text.data());
  std::abort();
}

void check_faults(const Diagnostics& faults, std::string_view reader) {
  require(!faults.empty(), "a failure has a fault", reader);
  for (const Diagnostic& fault : faults) {
    require(fault.where.starts_with(reader), "a fault names its reader", fault.where);
    require(!fault.what.empty(), "a fault says what is wrong", fault.where);
    require(!fault.help.empty(), "a fault says what to do", fault.what);
  }
}

/// The longer printed form may pass a limit that its source did not; that must be said so.
bool is_a_limit(const Diagnostic& fault) {
  for (const char* limit : {"nested deeper", "take too long", "bytes of text"}) {
    if (fault.what.find(limit) != std::string::npos) return true;
  }
  return false;
}

bool brackets_match(std::string_view text, char open, char close) {
  long depth = 0;
  for (const char c : text) {
    depth += c == open ? 1 : c == close ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

void check_printers(const Expr& value) {
  const std::string text = to_text(value);
  const Result<Expr> again = ridgepoint::symbolic::parse(text);
  if (again) {
    require(*again == value, "what is printed reads back equal", text);
    require(to_text(*again) == text, "what reads back prints the same", text);
  } else {
    require(is_a_limit(again.error().front()), again.error().front().what.c_str(), text);
  }
  require(brackets_match(to_latex(value), '{', '}'), "braces of LaTeX match", text);
  require(brackets_match(to_mathml(value), '<', '>'), "brackets of MathML match", text);
}

template <class T>
void check(const Result<T>& result, std::string_view reader) {
  if (!result) check_faults(result.error(), reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Expr> value = ridgepoint::symbolic::parse(text);
  check(value, "expression");
  if (value) {
    require(!value->is_undefined(), "what parses is defined", text);
    check_printers(*value);
  }
  check(ridgepoint::symbolic::parse_substitution(text), "substitution");
  check(ridgepoint::symbolic::parse_path(text), "limit");
  check(ridgepoint::symbolic::parse_relation(text), "comparison");
  check(ridgepoint::symbolic::parse_bounds(text), "bounds");
  return 0;
}
