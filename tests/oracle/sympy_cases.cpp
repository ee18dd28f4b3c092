// SPDX-License-Identifier: Apache-2.0
// Prints random expressions with an operation and our answer, one case a line, for
// check_with_sympy.py: operation, expression as it was before we touched it, argument, answer;
// separated by tabs. The same lines in every run.
#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "ridgepoint/symbolic/parse.hpp"

namespace {

using namespace ridgepoint::symbolic;

/// Random formulas as text, so that SymPy reads what was meant and not what we made of it.
class Formulas {
 public:
  explicit Formulas(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t upto(std::uint64_t n) { return engine_() % n; }
  std::string symbol() { return std::string(1, kLetters[upto(kLetters.size())]); }

  std::string monomial(std::uint64_t degree) {
    std::string text = std::to_string(upto(9) + 1);
    for (std::uint64_t d = upto(degree + 1); d > 0; --d) text += "*" + symbol();
    return text;
  }
  std::string polynomial(std::uint64_t terms, std::uint64_t degree, bool positive) {
    std::string text = monomial(degree);
    for (std::uint64_t t = upto(terms); t > 0; --t) {
      text += (positive || upto(2) == 0 ? " + " : " - ") + monomial(degree);
    }
    return "(" + text + ")";
  }
  std::string ratio() { return polynomial(3, 3, false) + "/" + polynomial(3, 2, true); }

  /// Sums, products, quotients and powers of ratios, three levels deep.
  std::string rational(int depth) {
    if (depth == 0) return ratio();
    const std::string a = rational(depth - 1);
    switch (upto(5)) {
      case 0:
        return "(" + a + " + " + ratio() + ")";
      case 1:
        return "(" + a + " - " + ratio() + ")";
      case 2:
        return "(" + a + ")*" + polynomial(2, 2, false);
      case 3:
        return "(" + a + ")/" + polynomial(2, 2, true);
      default:
        return "(" + polynomial(2, 1, false) + ")^2*(" + a + ")";
    }
  }

  /// With a logarithm, a square root or a power in it.
  std::string smooth() {
    switch (upto(4)) {
      case 0:
        return symbol() + "*log(" + polynomial(2, 2, true) + ")";
      case 1:
        return "sqrt(" + symbol() + ")*" + ratio();
      case 2:
        return ratio() + " + log(" + symbol() + ")^2";
      default:
        return polynomial(2, 2, true) + "/(1 + sqrt(" + symbol() + "))";
    }
  }

 private:
  static constexpr std::array kLetters{'B', 'D', 'F', 'S', 'T'};
  std::mt19937_64 engine_;
};

void print(const std::string& operation, const std::string& expression, const std::string& argument,
           const std::string& answer) {
  std::printf("%s\t%s\t%s\t%s\n", operation.c_str(), expression.c_str(), argument.c_str(),
              answer.c_str());
}

bool print_simplified(Formulas& formulas) {
  const std::string text = formulas.rational(static_cast<int>(formulas.upto(3)));
  print("simplify", text, "", to_text(parse(text).value_or(Expr::undefined())));
  return true;
}

bool print_derivative(Formulas& formulas) {
  const std::string text = formulas.upto(2) == 0 ? formulas.rational(1) : formulas.smooth();
  const std::string variable = formulas.symbol();
  if (text.find(variable) == std::string::npos) return false;
  const auto slope = differentiate(parse(text).value_or(Expr::undefined()), variable);
  if (slope) print("differentiate", text, variable, to_text(*slope));
  return slope.has_value();
}

struct NamedPath {
  const char* text;
  const char* moves;  // a symbol that the path moves
};

/// A limit that we refuse (a sign that depends on symbols) is no case.
bool print_limit(Formulas& formulas) {
  constexpr std::array kPaths{NamedPath{"D=c*B, F=c*B, c->oo", "D"},
                              NamedPath{"D=c, F=2*c, c->oo", "F"},
                              NamedPath{"S=c*T, c->oo", "S"},
                              NamedPath{"S->oo", "S"},
                              NamedPath{"T->oo", "T"},
                              NamedPath{"B->0", "B"},
                              NamedPath{"S->3", "S"},
                              NamedPath{"B->T", "B"}};
  const NamedPath path = kPaths[formulas.upto(kPaths.size())];
  const std::string text = formulas.rational(static_cast<int>(formulas.upto(2)));
  if (text.find(path.moves) == std::string::npos) return false;
  const auto result = limit(parse(text).value_or(Expr::undefined()), parse_path(path.text).value());
  if (result) print("limit", text, path.text, to_text(*result));
  return result.has_value();
}

void repeat(int count, Formulas& formulas, bool (*print_one)(Formulas&)) {
  while (count > 0) {
    if (print_one(formulas)) --count;
  }
}

}  // namespace

int main() {
  Formulas formulas(20261121);
  repeat(200, formulas, print_simplified);
  repeat(160, formulas, print_limit);
  repeat(160, formulas, print_derivative);
}
