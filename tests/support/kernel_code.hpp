// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace ridgepoint {

/// Lines of the disassembly of a library that holds kernels.
inline std::vector<std::string> disassembly(const char* library) {
  const std::string command =
      std::string(RIDGEPOINT_OBJDUMP) + " -d --no-show-raw-insn -C " + library;
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
  std::vector<std::string> without_vectors;  ///< kernels that multiply one number at a time alone
};

/// "0000… <void …kernel_v4<…>(…)>:" opens a function; "call" inside a kernel is a finding.
inline KernelCode read_kernels(const std::vector<std::string>& lines) {
  KernelCode code;
  std::string kernel;
  bool has_vectors = true;
  const auto close = [&] {
    if (!kernel.empty() && !has_vectors) code.without_vectors.push_back(kernel);
  };
  for (const std::string& line : lines) {
    if (line.find(">:\n") != std::string::npos) {
      close();
      const bool is_kernel = line.find("::kernel_v") != std::string::npos;
      kernel = is_kernel ? line : "";
      has_vectors = false;
      code.kernels += is_kernel ? 1 : 0;
    } else if (!kernel.empty()) {
      if (line.find("\tcall") != std::string::npos) code.calls.push_back(kernel + line);
      if (line.find("%ymm") != std::string::npos || line.find("%zmm") != std::string::npos) {
        has_vectors = true;
      }
    }
  }
  close();
  return code;
}

}  // namespace ridgepoint
