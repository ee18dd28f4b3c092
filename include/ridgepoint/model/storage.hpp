// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {

/// How some of the layers of a run store a tensor.
struct StoredTensor {
  std::int64_t layers = 1;
  Count element;  ///< bytes per element, its share of the scales included
  /// Whose rules of computing hold: fp8 and int8 are W8A8, nvfp4 W4A4; int4 and mxfp4 are expanded
  /// to the activation type (integers of 2 to 8 bits with scales for groups are called int4 here).
  DataType type = DataType::bf16;
  /// What kernels are called that multiply them: "bf16", "fp8", "fp8_block", "nvfp4"; with "_wo" or
  /// "w4a16_" those that expand the weights to 16 bits.
  std::string_view number_format = "bf16";

  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

/// What kernels for matrices of that type are called, where nothing else is known of them.
std::string_view number_format(DataType weights);

/// How the checkpoint of a model stores its weights, tensor by tensor.
class WeightStorage {
 public:
  explicit WeightStorage(const Architecture& architecture);

  /// The tensors that one matmul reads together, by their paths inside a layer of a run
  /// ("self_attn.q_proj", "self_attn.k_proj"); of the model, for run −1 ("lm_head"). One entry for
  /// each way in which layers store them; their `layers` add up to those of the run. Paths that
  /// the run has not are passed over.
  std::vector<StoredTensor> of(std::int64_t run,
                               std::initializer_list<std::string_view> paths) const;

  /// Whether they are matrices of linear layers, which an engine can quantise: not a router, whose
  /// output decides, nor a norm.
  bool are_matrices(std::int64_t run, std::initializer_list<std::string_view> paths) const;

  /// Of these tensors, in all layers of the run.
  Count tensor_bytes(std::int64_t run, std::initializer_list<std::string_view> paths) const;

  /// Of all weights; with the matrices inside layers at another size, if one is given.
  Count total_bytes(std::optional<ByteSize> matrices = {}) const;

 private:
  struct Tensor {
    ParameterEntry entry;
    std::int64_t layers = 1;        ///< of its run
    std::int64_t plain_layers = 1;  ///< of them, those that keep the model's own type
    Count quantised;                ///< bytes of one instance elsewhere
  };
  Count stored_bytes(const Tensor& tensor) const;  ///< of all its instances

  Count own_;
  DataType dtype_;
  DataType quantised_type_;
  std::string_view quantised_format_;
  std::vector<Tensor> tensors_;
};

}  // namespace ridgepoint::model
