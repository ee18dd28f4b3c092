// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/prepared_kernel.hpp"

#include <algorithm>
#include <cassert>

#include "efficiency/prepared_times.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

/// What of a shape varies, attention's tokens and context apart.
template <class One>
auto& size_in(One& one) {
  if constexpr (requires { one.m; }) {
    return one.m;
  } else if constexpr (requires { one.batch; }) {
    return one.batch;
  } else if constexpr (requires { one.tokens; }) {
    return one.tokens;
  } else if constexpr (requires { one.bytes; }) {
    return one.bytes;
  } else {
    return one.rows;
  }
}

/// Classes without a form for many points: one point after the other.
class PointByPoint final : public PreparedKernel::Times {
 public:
  PointByPoint(const KernelProfile& kernel, const DeviceFacts& device, const Shape& like)
      : kernel_(kernel), device_(device), like_(like) {}

  void times(const VaryingShapes& shapes, const ExpectedSpans& out,
             InstructionSet /*set*/) const override {
    Shape shape = like_;
    for (std::size_t i = 0; i < shapes.size.size(); ++i) {
      set(shape, shapes, i);
      const Expected time = expected_time(kernel_, device_, shape);
      out.seconds[i] = time.seconds;
      out.low[i] = time.low;
      out.high[i] = time.high;
    }
  }

 private:
  static void set(Shape& shape, const VaryingShapes& varying, std::size_t i) {
    std::visit(
        [&](auto& one) {
          size_in(one) = varying.size[i];
          if constexpr (requires { one.context; }) {
            one.new_tokens = varying.new_tokens[i];
            one.context = varying.context[i];
          }
        },
        shape);
  }

  KernelProfile kernel_;
  DeviceFacts device_;
  Shape like_;
};

std::shared_ptr<const PreparedKernel::Times> prepared(const KernelProfile& kernel,
                                                      const DeviceFacts& device,
                                                      const Shape& like) {
  std::shared_ptr<const PreparedKernel::Times> made;
  if (kernel.kind == OperatorClass::gemm) made = prepared_gemm(kernel, device, like);
  if (kernel.kind == OperatorClass::collective) made = prepared_collective(kernel, device, like);
  if (kernel.kind == OperatorClass::elementwise) made = prepared_elementwise(kernel, device, like);
  if (kernel.kind == OperatorClass::decode_attention) made = prepared_decode(kernel, device, like);
  if (kernel.kind == OperatorClass::prefill_attention) {
    made = prepared_prefill(kernel, device, like);
  }
  return made ? made : std::make_shared<PointByPoint>(kernel, device, like);
}

}  // namespace

double size_of(const Shape& shape) {
  return std::visit([](const auto& one) { return size_in(one); }, shape);
}

PreparedKernel::PreparedKernel(const KernelProfile& kernel, const DeviceFacts& device,
                               const Shape& like)
    : times_(prepared(kernel, device, like)) {}

void PreparedKernel::times(const VaryingShapes& shapes, const ExpectedSpans& out,
                           InstructionSet set) const {
  const std::size_t n = shapes.size.size();
  assert(out.seconds.size() >= n && out.low.size() >= n && out.high.size() >= n);
  if (n > 0) times_->times(shapes, out, set);
}

Expected PreparedKernel::time(const Shape& shape) const {
  const double size = size_of(shape);
  double new_tokens = 0;
  double context = 0;
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { one.context; }) {
          new_tokens = one.new_tokens;
          context = one.context;
        }
      },
      shape);
  Expected time;
  times({{&size, 1}, {&new_tokens, 1}, {&context, 1}},
        {{&time.seconds, 1}, {&time.low, 1}, {&time.high, 1}}, InstructionSet::baseline);
  return time;
}

}  // namespace ridgepoint::efficiency
