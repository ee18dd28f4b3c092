// SPDX-License-Identifier: Apache-2.0
// What is not inlined into a loop over points keeps it from being vectorised, silently: it runs an
// order of magnitude slower, and a call of libm gives other bits on other machines. So the machine
// code of the expected mode's loops is read.
#include "support/kernel_code.hpp"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

TEST(ExpectedKernelCode, ReaderFindsCallsAndLoopsWithoutVectors) {
  const KernelCode code =
      read_kernels({"0000 <void ns::kernel_v3<Body>(int)>:\n", "   1:\tcall   40 <exp2>\n",
                    "0010 <void ns::kernel_v4<Body>(int)>:\n", "   2:\tvmulpd %zmm1,%zmm2,%zmm3\n",
                    "0020 <void ns::other()>:\n", "   3:\tcall   50 <f>\n"});
  EXPECT_EQ(code.kernels, 2);
  ASSERT_EQ(code.calls.size(), 1u);
  ASSERT_EQ(code.without_vectors.size(), 1u);
  EXPECT_NE(code.without_vectors[0].find("kernel_v3"), std::string::npos);
}

TEST(ExpectedKernelCode, HasVectorsAndNoCallsInTheLoopsOverPoints) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "vector kernels are built for x86-64 only";
#endif
  if (!RIDGEPOINT_IS_OPTIMISED) GTEST_SKIP() << "read in the optimised build, without sanitizers";
  for (const char* library : {RIDGEPOINT_EFFICIENCY_LIBRARY, RIDGEPOINT_PREDICT_LIBRARY}) {
    SCOPED_TRACE(library);
    const KernelCode code = read_kernels(disassembly(library));
    // Two instruction sets for each loop; some stand in several files.
    EXPECT_GE(code.kernels, 16);
    for (const std::string& call : code.calls) ADD_FAILURE() << call;
    for (const std::string& kernel : code.without_vectors) ADD_FAILURE() << kernel;
  }
}

}  // namespace
}  // namespace ridgepoint
