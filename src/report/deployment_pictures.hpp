// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/bar_picture.hpp"
#include "report/page_parts.hpp"
#include "report/pictures.hpp"
#include "ridgepoint/predict/batch_curve.hpp"
#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/predict/speculation.hpp"

namespace ridgepoint::report {

/// The memory of one device of each stage: what is taken, what a sequence takes of the rest.
BarChart fit_bars(const predict::MemoryFit& fit);

/// For what a time waits, as parts of a bar in units of `unit` seconds.
std::vector<BarPart> wait_parts(const roofline::TimeParts& parts, double unit);
/// For what TTFT and TPOT wait, each as shares of itself.
BarChart wait_bars(const predict::Estimate& estimate);
/// One request from its arrival to its last token, by both readings.
BarChart timeline(const predict::Estimate& estimate);

/// Throughput against TPOT over batch sizes, above the memory that each takes. Empty without
/// points.
std::string latency_picture(const predict::Estimate& estimate, const predict::BatchCurve& curve,
                            Setting setting);

/// By batch size: how much faster decoding is, and the acceptance that would pay.
std::string speedup_picture(const predict::Speculation& speculation, Setting setting);
std::string acceptance_picture(const predict::Speculation& speculation, Setting setting);

/// Deployments by TPOT and throughput per device.
std::string comparison_picture(const predict::Comparison& comparison, Setting setting);
/// For what TTFT or TPOT wait in each deployment.
BarChart compared_waits(const predict::Comparison& comparison,
                        roofline::TimeParts predict::Estimate::* parts, const std::string& name);
/// What the batch takes of the memory of a device of each deployment.
BarChart compared_memory(const predict::Comparison& comparison);

}  // namespace ridgepoint::report
