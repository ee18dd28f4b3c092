// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "report/labels.hpp"
#include "report/pictures.hpp"
#include "report/roofline_scene.hpp"
#include "report/sample.hpp"

namespace ridgepoint::report {
namespace {

constexpr Box kWide{28, 108, 904, 470};
constexpr Box kNarrow{2, 30, 396, 398};

/// The samples, and a sweep over batch and context in steps of powers.
std::vector<test::Sample> samples_and_sweep() {
  std::vector<test::Sample> all = test::samples();
  for (std::int64_t batch = 1; batch <= 4096; batch *= 8) {
    for (std::int64_t context = 1; context <= 100'000; context *= 7) {
      all.push_back({"batch " + std::to_string(batch) + ", context " + std::to_string(context),
                     test::analysis_of(batch, context)});
    }
  }
  return all;
}

/// Calls `check` with the scene of every sample, wide and narrow.
template <class F>
void for_each_scene(F check) {
  for (const test::Sample& sample : samples_and_sweep()) {
    for (const bool is_narrow : {false, true}) {
      SCOPED_TRACE(sample.name + (is_narrow ? ", narrow" : ", wide"));
      check(roofline_scene(sample.analysis, is_narrow ? kNarrow : kWide, is_narrow),
            sample.analysis);
    }
  }
}

TEST(RooflineScene, ShowsEveryOperatorExactlyOnce) {
  for_each_scene([](const RooflineScene& scene, const predict::Analysis& analysis) {
    std::multiset<std::string> shown;
    const auto key = [](const predict::OperatorAnalysis& one) {
      return std::string(name(one.phase)) + " " + one.name;
    };
    for (const MarkGroup& group : scene.groups) {
      for (const Mark& mark : group.marks) shown.insert(key(*mark.op));
    }
    for (const ZeroMark& mark : scene.zeros) {
      for (const auto* one : mark.operators) shown.insert(key(*one));
    }
    std::multiset<std::string> expected;
    for (const predict::StepAnalysis& step : analysis.steps) {
      for (const predict::OperatorAnalysis& one : step.operators) expected.insert(key(one));
    }
    EXPECT_EQ(shown, expected);
  });
}

TEST(RooflineScene, HasNoPointAboveARoof) {
  for_each_scene([](const RooflineScene& scene, const predict::Analysis& analysis) {
    const double bandwidth = analysis.device.memory_bandwidth.value.value();
    for (const MarkGroup& group : scene.groups) {
      for (const Mark& mark : group.marks) {
        const double diagonal = mark.op->arithmetic_intensity * bandwidth;
        const double flat = mark.op->ridge_point * bandwidth;
        EXPECT_LE(mark.flops_per_second, std::min(diagonal, flat) * (1 + 1e-12)) << mark.op->name;
      }
    }
  });
}

TEST(RooflineScene, PutsWhatIsExpectedStraightBelowTheBound) {
  const predict::Analysis analysis = test::expected_analysis_of(16, 1024);
  const RooflineScene scene = roofline_scene(analysis, kWide, false);
  std::size_t rings = 0;
  for (const MarkGroup& group : scene.groups) {
    for (const Mark& mark : group.marks) {
      if (!mark.expected) continue;
      ++rings;
      EXPECT_EQ(mark.expected->x, mark.at.x);
      EXPECT_GE(mark.expected->y, mark.at.y) << mark.op->name;
      const auto& expected = *mark.op->expected;
      EXPECT_DOUBLE_EQ(mark.expected->y, scene.y(expected.flops / expected.time.seconds));
    }
  }
  EXPECT_GE(rings, 10u);
}

TEST(RooflineScene, KeepsPointsAndRidgesInsideTheAxes) {
  for_each_scene([](const RooflineScene& scene, const predict::Analysis&) {
    for (const MarkGroup& group : scene.groups) {
      for (const Mark& mark : group.marks) {
        EXPECT_TRUE(scene.plot.contains(square_around(mark.at, 1))) << mark.op->name;
        if (!mark.expected) continue;
        EXPECT_TRUE(scene.plot.contains(square_around(*mark.expected, 1))) << mark.op->name;
      }
    }
    for (const Roof& roof : scene.roofs) {
      EXPECT_TRUE(scene.plot.contains(square_around(roof.corner, 1)));
      EXPECT_GE(roof.label.y, scene.plot.y);
    }
  });
}

TEST(RooflineScene, PlacesLabelsApart) {
  for_each_scene([](const RooflineScene& scene, const predict::Analysis&) {
    std::vector<Box> boxes;
    for (const MarkGroup& group : scene.groups) {
      if (!group.label) continue;
      EXPECT_TRUE(scene.plot.contains(*group.label));
      for (const Box& other : boxes) EXPECT_FALSE(group.label->overlaps(other));
      for (const Box& fixed : scene.fixed_labels) EXPECT_FALSE(group.label->overlaps(fixed));
      boxes.push_back(*group.label);
    }
  });
}

TEST(RooflineScene, FindsRoomForEveryLabelOnAWidePicture) {
  for_each_scene([](const RooflineScene& scene, const predict::Analysis&) {
    if (scene.plot.width < 500) return;
    for (const MarkGroup& group : scene.groups) {
      EXPECT_TRUE(group.label.has_value()) << group.lines.front();
    }
  });
}

TEST(RooflineScene, DrawsAreasInProportionToTime) {
  const predict::Analysis analysis = test::analysis_of(1, 1024);
  const RooflineScene scene = roofline_scene(analysis, kWide, false);
  for (const MarkGroup& group : scene.groups) {
    for (const Mark& mark : group.marks) {
      if (mark.op->share < 0.02) continue;  // below it, the smallest visible mark
      EXPECT_NEAR(mark.radius * mark.radius / mark.op->share, 900, 1e-6);
    }
  }
}

TEST(RooflinePicture, LabelsEveryOperatorOrSaysThatItHasNoRoom) {
  for (const test::Sample& sample : test::samples()) {
    for (const Setting setting : {Setting::wide, Setting::narrow, Setting::standalone}) {
      const std::string svg = roofline_picture(sample.analysis, setting);
      for (const predict::StepAnalysis& step : sample.analysis.steps) {
        for (const predict::OperatorAnalysis& one : step.operators) {
          EXPECT_NE(svg.find(one.name), std::string::npos) << one.name << " of " << sample.name;
        }
      }
    }
  }
}

TEST(Labels, StayOffObstaclesEvenWhenCrowded) {
  // Twelve labels of one point, which only rings around it can hold.
  std::vector<LabelRequest> requests(12, {{200, 200}, 10, {80, 30}});
  const Obstacles obstacles{{0, 0, 400, 400}, {{0, 380, 400, 20}}, {}};
  const auto boxes = place_labels(requests, obstacles);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    ASSERT_TRUE(boxes[i].has_value()) << i;
    EXPECT_FALSE(boxes[i]->overlaps(obstacles.boxes[0]));
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(boxes[i]->overlaps(*boxes[j]));
  }
}

TEST(Labels, GetNoPlaceWhereThereIsNone) {
  const auto boxes = place_labels({{{10, 10}, 3, {80, 30}}}, {{0, 0, 40, 40}, {}, {}});
  EXPECT_FALSE(boxes[0].has_value());
}

TEST(BoxGeometry, KnowsWhichSegmentsCrossIt) {
  const Box box{10, 10, 10, 10};
  EXPECT_TRUE(box.crosses({{0, 0}, {30, 30}}));
  EXPECT_TRUE(box.crosses({{12, 0}, {12, 30}}));
  EXPECT_FALSE(box.crosses({{0, 0}, {9, 9}}));
  EXPECT_FALSE(box.crosses({{0, 25}, {25, 25}}));
}

TEST(Ticks, AreDecadesAndDenserOnShortAxes) {
  EXPECT_EQ(log_ticks(0.5, 5000), (std::vector<double>{1, 10, 100, 1000}));
  EXPECT_EQ(log_ticks(3, 60), (std::vector<double>{5, 10, 20, 50}));
  EXPECT_EQ(linear_ticks(77, 5), (std::vector<double>{0, 20, 40, 60}));
}

}  // namespace
}  // namespace ridgepoint::report
