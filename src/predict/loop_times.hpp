// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/closed_loop.hpp"
#include "predict/deployment.hpp"
#include "ridgepoint/predict/reading.hpp"

namespace ridgepoint::predict {

/// What one step of continuous batching does.
struct MixedShapes {
  cost::Shape<double> prompt;
  cost::Shape<double> decodes;
};

/// One mixed step in as many micro-batches as there are stages, as PipelineSteps::round has it.
SpanTime mixed_round(const Deployment& deployment, const MixedShapes& shapes, double parts);

/// The edge of a band or its middle.
using Edge = double efficiency::Expected::*;

/// What a closed loop is put together of. Of floors and bounds the band has no width.
struct LoopTimes {
  ExpectedTime decode;  ///< a step without prompts
  ExpectedTime prompt;  ///< by how much one prompt delays the decodes beside it
  ExpectedTime first;   ///< the steps that a prompt takes
};

/// Equal requests on a deployment.
struct LoopQuestion {
  const Deployment& deployment;
  const RequestQuestion& request;
  double decode_context;
  Reading reading;
};

/// The loop of so many sequences on each replica, its times left at 0.
ClosedLoop closed_loop(const RequestQuestion& request, double sequences);
/// The same with its times at one edge.
ClosedLoop loop_at(const ClosedLoop& loop, const LoopTimes& times, Edge edge);

/// Times beside as many decodes as there are in the mean. REQUIRES: a calibration for expected
/// times.
LoopTimes settled_times(const LoopQuestion& question, const ClosedLoop& loop);

}  // namespace ridgepoint::predict
