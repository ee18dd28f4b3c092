// SPDX-License-Identifier: Apache-2.0
// A formula that is not inlined into its kernel runs an order of magnitude slower, silently. So the
// machine code is read: the vector kernels must not call anything.
#include "support/kernel_code.hpp"

#include <gtest/gtest.h>

namespace ridgepoint::roofline {
namespace {

TEST(KernelCode, ReaderFindsACallInsideAKernel) {
  const KernelCode code =
      read_kernels({"0000 <void ns::kernel_v3<Op>(int)>:\n", "   1:\tcall   40 <ns::formula()>\n",
                    "0010 <void ns::other()>:\n", "   2:\tcall   50 <f>\n"});
  EXPECT_EQ(code.kernels, 1);
  ASSERT_EQ(code.calls.size(), 1u);
}

TEST(KernelCode, HasNoCallsLeftInTheVectorKernels) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "vector kernels are built for x86-64 only";
#endif
  if (!RIDGEPOINT_IS_OPTIMISED) GTEST_SKIP() << "read in the optimised build, without sanitizers";
  const KernelCode code = read_kernels(disassembly(RIDGEPOINT_KERNEL_LIBRARY));
  // Two instruction sets for each of the 27 kinds of operator in a step, and for their sum.
  EXPECT_EQ(code.kernels, 56);
  for (const std::string& call : code.calls) ADD_FAILURE() << call;
}

}  // namespace
}  // namespace ridgepoint::roofline
