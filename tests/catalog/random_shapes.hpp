// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::catalog {

/// Draws numbers; a law has those of RapidCheck, a count of exceptions its own.
struct Draw {
  std::function<std::uint32_t()> next;

  /// Evenly, 0 … 1.
  double share() const { return (next() >> 8U) * 0x1p-24; }
  /// Evenly in the logarithm.
  double between(double least, double most) const {
    return least * std::pow(most / least, share());
  }
  double whole(double least, double most) const {
    return std::min(most, std::floor(between(least, most + 1)));
  }
  double one_of(std::initializer_list<double> values) const {
    return *(values.begin() + next() % values.size());
  }
};

/// A shape that the kernel of a profile may meet: sizes of models, `most_tokens` tokens at most.
efficiency::Shape any_shape(const efficiency::KernelProfile& kernel, double most_tokens,
                            const Draw& draw);

/// A size of a shape that grows with what a server has to do: tokens, sequences, context, bytes.
struct Size {
  const char* name;
  double (*of)(const efficiency::Shape&);
  void (*set)(efficiency::Shape&, double);
};
std::span<const Size> sizes(efficiency::OperatorClass kind);

}  // namespace ridgepoint::catalog
