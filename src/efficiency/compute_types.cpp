// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/compute_types.hpp"

namespace ridgepoint::efficiency {

std::optional<DataType> peak_type_of(std::string_view compute) {
  if (compute == "fp8_block" || compute == "w4a8_mxfp4_mxfp8") return DataType::fp8;
  if (compute == "int4_wo" || compute == "w4a16_mxfp4") return DataType::bf16;
  return data_type_from_name(compute);
}

}  // namespace ridgepoint::efficiency
