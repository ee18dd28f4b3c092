// SPDX-License-Identifier: Apache-2.0
// A formula that is not inlined into its kernel runs an order of magnitude slower, silently. So the
// machine code is read: the vector kernels must not call anything.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace ridgepoint::roofline {
namespace {

/// Lines of the disassembly of the library that holds the kernels.
std::vector<std::string> disassembly() {
  const std::string command =
      std::string(RIDGEPOINT_OBJDUMP) + " -d --no-show-raw-insn -C " + RIDGEPOINT_KERNEL_LIBRARY;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<std::string> lines;
  std::array<char, 4096> buffer{};
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) {
    lines.emplace_back(buffer.data());
  }
  return lines;
}

struct KernelCode {
  int kernels = 0;
  std::vector<std::string> calls;
};

/// "0000… <void …kernel_v4<…>(…)>:" opens a function; "call" inside a kernel is a finding.
KernelCode read_kernels(const std::vector<std::string>& lines) {
  KernelCode code;
  std::string kernel;
  for (const std::string& line : lines) {
    if (line.find(">:\n") != std::string::npos) {
      const bool is_kernel = line.find("::kernel_v") != std::string::npos;
      kernel = is_kernel ? line : "";
      code.kernels += is_kernel ? 1 : 0;
    } else if (!kernel.empty() && line.find("\tcall") != std::string::npos) {
      code.calls.push_back(kernel + line);
    }
  }
  return code;
}

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
  const KernelCode code = read_kernels(disassembly());
  // Two instruction sets for each of the 27 kinds of operator in a step.
  EXPECT_EQ(code.kernels, 54);
  for (const std::string& call : code.calls) ADD_FAILURE() << call;
}

}  // namespace
}  // namespace ridgepoint::roofline
