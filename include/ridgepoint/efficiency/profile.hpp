// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/correction.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// How far measured times lay from expected ones on rows that the fit did not see: the middle 80 %
/// of ln(measured ÷ expected), by size of the expected time. Expected times lie inside.
struct Band {
  struct Class {
    double below_s = 0;  ///< the class holds times below this; the last one all others
    double low = 0;
    double high = 0;
  };
  std::vector<Class> classes;
};

/// What a kernel's coefficients were fitted on.
struct Evidence {
  std::vector<std::string> sources;  ///< names of whose measurements they are
  std::int64_t rows = 0;
  std::int64_t groups = 0;       ///< of rows that were left out together
  double left_out_mdape = 0;     ///< percent, on groups that the fit did not see
  std::string transferred_from;  ///< other devices; empty for data of its own
};

/// What a kernel of another device adds to one that was not measured.
struct Blended {
  double share = 1;  ///< those of a kernel sum to 1
  std::vector<double> coefficients;
};

/// One class of kernels on one device, in one stack and type.
struct KernelProfile {
  OperatorClass kind = OperatorClass::gemm;
  std::string stack;    ///< "vllm-0.24.0"
  std::string kernel;   ///< "vllm_flash_attn_fa3"
  std::string compute;  ///< of KernelTypes
  std::string cache;
  std::vector<double> coefficients;
  std::vector<double> spread;           ///< of each one's logarithm
  std::vector<Correction> corrections;  ///< they add
  Band band;
  Evidence evidence;
  /// Of a kernel that several devices lend: its form's time is the geometric mean of these, by
  /// share, and `coefficients` that of theirs. Files have none.
  std::vector<Blended> blend = {};

  KernelTypes types() const { return {compute, cache, stack, kernel}; }
};

/// The version of the files.
inline constexpr std::string_view kProfileSchema = "ridgepoint/profile/1";

/// Measurements that a profile was made of.
struct ProfileSource {
  std::string name;   ///< as `Evidence::sources` has it
  std::string about;  ///< origin, licence and copyright; may be empty
  std::int64_t rows = 0;
};

struct Profile {
  std::string device;
  std::vector<KernelProfile> kernels;
  std::vector<ProfileSource> sources = {};
};

/// A time with its 80 % band.
struct Expected {
  double seconds = 0;
  double low = 0;
  double high = 0;
};

/// Never below the form's floor, where it has one.
Expected expected_time(const KernelProfile& kernel, const DeviceFacts& device, const Shape& shape);

/// Reads a profile that write_profile wrote. Errors, all at once: another version, a class that is
/// not known or twice there, too few or too many coefficients, one that is not a number or out of
/// its bounds, a table of another size than its axes, a number that makes times of no size.
Result<Profile> read_profile(std::string_view text, std::string_view source);
std::string write_profile(const Profile& profile);

}  // namespace ridgepoint::efficiency
