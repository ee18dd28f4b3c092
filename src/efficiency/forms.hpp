// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

// One file each: <class>.cpp.
const Form& gemm_form();
const Form& prefill_attention_form();
const Form& decode_attention_form();
const Form& latent_prefill_form();
const Form& latent_decode_form();
const Form& experts_form();
const Form& collective_form();
const Form& elementwise_form();

}  // namespace ridgepoint::efficiency
