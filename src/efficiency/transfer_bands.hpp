// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "efficiency/kinship.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// How far measured times lay from those transferred, in ln: the middle 80 %.
struct TransferError {
  double low;
  double high;
  double mdape;  ///< percent
};

/// Of leaving devices out, where that could be done; an assumption elsewhere.
TransferError transfer_error(OperatorClass kind, Kinship kinship);

/// The band of a kernel that was taken over with its tables: both errors in quadrature.
Band widened(const Band& own, const TransferError& error);

}  // namespace ridgepoint::efficiency
