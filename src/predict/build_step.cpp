// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/build_step.hpp"

namespace ridgepoint::predict {

using symbolic::Expr;

Precision native_precision(const model::Architecture& architecture) {
  return {architecture.dtype, architecture.dtype, architecture.dtype};
}

Dimensions<Expr> symbols(const model::Architecture& architecture) {
  Dimensions<Expr> letters{Expr::symbol("D"), Expr::symbol("V"), {}};
  for (std::size_t i = 0; i < architecture.runs.size(); ++i) {
    const std::string index = i == 0 ? "" : "_" + std::to_string(i + 1);
    letters.runs.push_back({Expr::symbol("L" + index), Expr::symbol("N" + index),
                            Expr::symbol("K" + index), Expr::symbol("H" + index),
                            Expr::symbol("F" + index), Expr::symbol("W" + index)});
  }
  return letters;
}

}  // namespace ridgepoint::predict
