// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ridgepoint::predict {

/// A server that always works on the same number of requests: a new one comes when one ends.
struct ClosedLoop {
  double sequences = 1;  ///< C, on each replica
  double replicas = 1;   ///< that step together, because they share experts; else 1
  double steps = 1;      ///< m, decode steps of a request
  double first_s = 0;    ///< F, TTFT
  double prompt_s = 0;   ///< P, by which the prefill of a prompt delays the decodes beside it
};

/// Decode step and the prefills of others that fall between its tokens, in the mean. Of one replica
/// the root of m·T² + (F − m·d − (C − 1)·P)·T − d·F = 0: in F + m·T each of the other C − 1
/// requests begins once. Replicas in step wait for whichever reads a prompt: P·(1 − (1 −
/// q)^replicas), where q = C/(m + F/T) is the chance that one does. Assumes that they begin
/// independently. `decode_s`: d, a step without prompts.
double closed_loop_tpot(const ClosedLoop& loop, double decode_s);

/// Requests that one replica ends a second: C/(F + m·T). Where nothing decodes prompts are read one
/// after the other: 1/F.
double closed_loop_requests_per_s(const ClosedLoop& loop, double tpot_s);

/// Of C sequences those that decode, in the mean: C·m·T/(F + m·T).
double decoding_sequences(const ClosedLoop& loop, double tpot_s);

}  // namespace ridgepoint::predict
