// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/cost/step.hpp"

namespace ridgepoint::cost {

template Totals<Count> totals(const Operator<Count>& op, const Shape<Count>& shape);
template std::vector<Entry<Count>> ledger(const Operator<Count>& op, const Shape<Count>& shape);

}  // namespace ridgepoint::cost
