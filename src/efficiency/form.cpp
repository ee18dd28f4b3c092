// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/form.hpp"

#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {

std::string_view name(OperatorClass kind) {
  switch (kind) {
    case OperatorClass::gemm:
      return "gemm";
    case OperatorClass::prefill_attention:
      return "attention_prefill";
    case OperatorClass::decode_attention:
      return "attention_decode";
    case OperatorClass::latent_prefill:
      return "mla_prefill";
    case OperatorClass::latent_decode:
      return "mla_decode";
    case OperatorClass::experts:
      return "grouped_gemm";
    case OperatorClass::collective:
      return "collective";
    case OperatorClass::elementwise:
      break;
  }
  return "elementwise";
}

std::optional<OperatorClass> operator_class_named(std::string_view text) {
  for (const OperatorClass kind : kOperatorClasses) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

const Form& form(OperatorClass kind) {
  switch (kind) {
    case OperatorClass::gemm:
      return gemm_form();
    case OperatorClass::prefill_attention:
      return prefill_attention_form();
    case OperatorClass::decode_attention:
      return decode_attention_form();
    case OperatorClass::latent_prefill:
      return latent_prefill_form();
    case OperatorClass::latent_decode:
      return latent_decode_form();
    case OperatorClass::experts:
      return experts_form();
    case OperatorClass::collective:
      return collective_form();
    case OperatorClass::elementwise:
      break;
  }
  return elementwise_form();
}

}  // namespace ridgepoint::efficiency
