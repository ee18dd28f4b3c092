// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ridgepoint {

/// A number of bytes per element as an exact fraction: int4 is {1, 2}.
struct ByteSize {
  std::int64_t numerator;
  std::int64_t denominator;
  friend constexpr bool operator==(const ByteSize&, const ByteSize&) = default;
};

/// What a tensor is stored as, or what an operator computes in.
enum class DataType { fp64, fp32, tf32, bf16, fp16, fp8, int8, fp4, nvfp4, mxfp4, int4, int3 };

struct DataTypeFacts {
  DataType type;
  std::string_view name;
  ByteSize size;  ///< per element, block scales included
};

/// nvfp4: one fp8 scale for 16 elements. mxfp4: one 8-bit scale for 32 elements.
inline constexpr std::array<DataTypeFacts, 12> kDataTypes{{
    {DataType::fp64, "fp64", {8, 1}},
    {DataType::fp32, "fp32", {4, 1}},
    {DataType::tf32, "tf32", {4, 1}},
    {DataType::bf16, "bf16", {2, 1}},
    {DataType::fp16, "fp16", {2, 1}},
    {DataType::fp8, "fp8", {1, 1}},
    {DataType::int8, "int8", {1, 1}},
    {DataType::fp4, "fp4", {1, 2}},
    {DataType::nvfp4, "nvfp4", {9, 16}},
    {DataType::mxfp4, "mxfp4", {17, 32}},
    {DataType::int4, "int4", {1, 2}},
    {DataType::int3, "int3", {3, 8}},
}};

namespace detail {
constexpr bool data_types_are_in_enum_order() {
  for (std::size_t i = 0; i < kDataTypes.size(); ++i) {
    if (kDataTypes[i].type != static_cast<DataType>(i)) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::data_types_are_in_enum_order());

constexpr const DataTypeFacts& facts(DataType type) {
  return kDataTypes[static_cast<std::size_t>(type)];
}
constexpr std::string_view name(DataType type) { return facts(type).name; }
constexpr ByteSize byte_size(DataType type) { return facts(type).size; }

/// The type of that exact lower-case name.
constexpr std::optional<DataType> data_type_from_name(std::string_view text) {
  for (const DataTypeFacts& row : kDataTypes) {
    if (row.name == text) return row.type;
  }
  return std::nullopt;
}

}  // namespace ridgepoint
