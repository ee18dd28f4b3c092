// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "report/geometry.hpp"
#include "report/markup.hpp"
#include "report/sample.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/report/comparison_report.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/fit_report.hpp"
#include "ridgepoint/report/speculation_report.hpp"

namespace ridgepoint::report {
namespace {

using test::sample_architecture;
using test::sample_device;

/// As large as its weights on a device of 80 GB allow, or larger.
model::Architecture layers(std::int64_t count) {
  model::Architecture architecture = sample_architecture();
  architecture.runs.front().count = count;
  return architecture;
}

predict::MemoryFit fit_of(std::int64_t layer_count, predict::FitQuestion question = {}) {
  return predict::fit(layers(layer_count), sample_device(), question).value();
}

predict::Estimate estimate_of(std::int64_t batch, std::int64_t layer_count = 40) {
  predict::RequestQuestion question;
  question.batch = batch;
  return predict::estimate(layers(layer_count), sample_device(), question).value();
}

std::string page_of(const predict::Estimate& answer) {
  return to_html(answer, predict::batch_curve(answer));
}

predict::Speculation speculation_of(double acceptance, std::vector<std::int64_t> batches) {
  predict::SpeculationQuestion question;
  question.proposed = 4;
  question.acceptance = acceptance;
  question.batches = std::move(batches);
  return predict::speculate(sample_architecture(), sample_device(), question).value();
}

predict::Comparison comparison_of(std::size_t columns, const std::string& name) {
  std::vector<predict::Candidate> candidates;
  for (std::size_t i = 0; i < columns; ++i) {
    predict::Candidate one{name + " " + std::to_string(i + 1),
                           layers(10 * static_cast<std::int64_t>(i + 1)),
                           sample_device(),
                           {},
                           {}};
    one.request.batch = 16;
    one.memory.max_model_len = one.request.input + one.request.output;
    one.memory.mean_length = one.memory.max_model_len;
    candidates.push_back(std::move(one));
  }
  return predict::compare(candidates, {{"none", {{"none", "it <cannot> be", ""}}}}).value();
}

struct Page {
  std::string name;
  std::string html;
};

/// Cases that stress a layout.
std::vector<Page> pages() {
  const std::string wild = "<b>&\"'\x01\xff a name that is far too long for any bar of a picture";
  predict::FitQuestion stages;
  stages.parallelism.pipeline = 4;
  stages.shared_prefix = 1024;
  predict::Estimate wild_estimate = estimate_of(8);
  wild_estimate.architecture.name = wild;
  return {{"fit", to_html(fit_of(40))},
          {"fit of too much", to_html(fit_of(400))},
          {"fit of stages with a prefix", to_html(fit_of(40, stages))},
          {"estimate", page_of(estimate_of(8))},
          {"estimate of one too large", page_of(estimate_of(8, 400))},
          {"estimate of a large batch", page_of(estimate_of(5000))},
          {"estimate without a curve", to_html(estimate_of(8), predict::BatchCurve{})},
          {"estimate of a wild name", page_of(wild_estimate)},
          {"speculation", to_html(speculation_of(0.8, {1, 4, 16, 64, 256, 1024}))},
          {"speculation that never pays", to_html(speculation_of(0, {1, 16}))},
          {"speculation that always is right", to_html(speculation_of(1, {64}))},
          {"comparison", to_html(comparison_of(2, "deployment"))},
          {"comparison of many", to_html(comparison_of(24, "deployment"))},
          {"comparison of wild names", to_html(comparison_of(3, wild))}};
}

/// The pictures of a page.
std::vector<std::string> pictures(const std::string& html) {
  std::vector<std::string> all;
  for (std::size_t at = html.find("<svg "); at != html.npos; at = html.find("<svg ", at + 1)) {
    all.push_back(html.substr(at, html.find("</svg>", at) - at));
  }
  return all;
}

template <class F>
void for_each_page(F check) {
  for (const Page& page : pages()) {
    SCOPED_TRACE(page.name);
    check(page.html);
  }
}

TEST(DeploymentPages, AreWellFormed) {
  for_each_page([](const std::string& html) { EXPECT_EQ(test::markup_fault(html), ""); });
}

TEST(DeploymentPages, NeedNoOtherFileAndNoScript) {
  for_each_page([](const std::string& html) {
    for (const char* word : {"<script", "<link", "<img", "<iframe", "src=", "href=", "url(",
                             "@import", "onload", "onclick"}) {
      EXPECT_EQ(html.find(word), html.npos) << word;
    }
  });
}

TEST(DeploymentPages, NameEveryPictureForThoseWhoCannotSeeIt) {
  for_each_page([](const std::string& html) {
    for (const std::string& svg : pictures(html)) {
      EXPECT_EQ(test::attribute_values(svg, "svg", "role").at(0), "img");
      EXPECT_GT(test::attribute_values(svg, "svg", "aria-label").at(0).size(), 10u);
    }
  });
}

TEST(DeploymentPages, HaveEveryPictureForWideScreensAndForPhones) {
  for_each_page([](const std::string& html) {
    std::size_t wide = 0;
    std::size_t narrow = 0;
    for (const std::string& svg : pictures(html)) {
      ++(test::attribute_values(svg, "svg", "class").at(0) == "wide" ? wide : narrow);
    }
    EXPECT_GT(wide, 0u);
    EXPECT_EQ(wide, narrow);
  });
}

TEST(DeploymentPages, WriteNoNumberThatIsNone) {
  for_each_page([](const std::string& html) {
    for (const std::string& svg : pictures(html)) {
      EXPECT_EQ(svg.find("nan"), svg.npos);
      EXPECT_EQ(svg.find("inf"), svg.npos);
    }
  });
}

/// Where a text begins and ends, by the widest that its letters may be.
Box box_of(const std::smatch& text) {
  const std::string classes = text[1];
  const double x = std::stod(text[2]);
  const double y = std::stod(text[3]);
  const std::string words = std::regex_replace(text[4].str(), std::regex("&[a-z#0-9]+;"), "x");
  const bool is_small = classes.find("small") != classes.npos;  // notes are broken at 0.58 em
  const double size = is_small ? 11 * 0.58 / 0.6 : 12;
  const double width = text_width(words, size, Face::sans);
  const bool is_end = classes.find("end") != classes.npos;
  const bool is_middle = classes.find("mid") != classes.npos;
  return {is_end ? x - width : is_middle ? x - width / 2 : x, y - size, width, size};
}

TEST(DeploymentPages, CutNoWordsAtTheEdgesOfPictures) {
  const std::regex pattern("<text class=\"([^\"]*)\" x=\"([-0-9.]+)\" y=\"([-0-9.]+)\">([^<]*)<");
  for_each_page([&](const std::string& html) {
    for (const std::string& svg : pictures(html)) {
      const std::string view = test::attribute_values(svg, "svg", "viewBox").at(0);
      const std::size_t space = view.find(' ', 4);
      const Box whole{0, 0, std::stod(view.substr(4)), std::stod(view.substr(space))};
      std::sregex_iterator text(svg.begin(), svg.end(), pattern);
      for (; text != std::sregex_iterator(); ++text) {
        const Box box = box_of(*text);
        EXPECT_TRUE(whole.contains(box)) << (*text)[0] << " in " << view;
      }
    }
  });
}

TEST(EstimatePage, DrawsTheWallAtTheMostSequencesThatMemoryHolds) {
  const predict::Estimate answer = estimate_of(4);
  const std::string words =
      "at most batch " + format_integer(static_cast<std::int64_t>(answer.most_sequences));
  EXPECT_NE(page_of(answer).find(words), std::string::npos);
  EXPECT_NE(page_of(answer).find("curve beyond"), std::string::npos);
}

TEST(EstimatePage, MarksTheBatchAskedForInPictureAndTable) {
  const std::string html = page_of(estimate_of(23));
  EXPECT_NE(html.find(">batch 23<"), std::string::npos);
  EXPECT_NE(html.find(">asked for<"), std::string::npos);
}

TEST(EstimatePage, SaysInThePictureThatNoBatchFits) {
  const std::string html = page_of(estimate_of(1, 400));
  EXPECT_NE(html.find("no batch fits the memory"), std::string::npos);
  EXPECT_EQ(html.find("memory wall<"), std::string::npos);
}

/// The table that stands under a heading.
std::string table_after(const std::string& html, const std::string& heading) {
  const std::size_t from = html.find("<table", html.find(heading));
  return html.substr(from, html.find("</table>", from) - from);
}

// What a bar shows of a wait is told in the table under it, to the same digits.
TEST(EstimatePage, TellsInATableWhatTheBarsShow) {
  const predict::Estimate answer = estimate_of(8);
  const std::string table = table_after(page_of(answer), "What it waits for");
  for (const double seconds : {answer.tpot_parts.weights_s, answer.tpot_parts.kv_cache_s,
                               answer.ttft_parts.compute_s, answer.ttft_parts.total_s()}) {
    EXPECT_NE(table.find(format_time(Seconds(seconds))), std::string::npos) << seconds;
  }
}

TEST(FitPage, ShowsAsManyBarsAsStages) {
  predict::FitQuestion stages;
  stages.parallelism.pipeline = 4;
  const std::string table =
      table_after(to_html(fit_of(40, stages)), "Where the memory of a device goes");
  for (const char* name : {"stage 1,", "stage 2,", "stage 3,", "stage 4,"}) {
    EXPECT_NE(table.find(name), std::string::npos) << name;
  }
}

TEST(FitPage, OutlinesWhatDoesNotFit) {
  EXPECT_NE(to_html(fit_of(400)).find("class=\"over\""), std::string::npos);
  EXPECT_EQ(to_html(fit_of(40)).find("class=\"over\""), std::string::npos);
}

TEST(SpeculationPage, MarksTheBatchFromWhichItNoLongerPays) {
  const auto answer = speculation_of(0.2, {1, 16, 256, 4096});
  ASSERT_GT(answer.break_even_batch, 1);
  const std::string words =
      "pays no longer from " + format_integer(answer.break_even_batch) + " on";
  EXPECT_NE(to_html(answer).find(words), std::string::npos);
}

TEST(ComparisonPage, NamesEveryDeploymentInItsBars) {
  const std::string html = to_html(comparison_of(5, "deployment"));
  for (const char* heading : {"What a token waits for", "What the first token waits for",
                              "What the batch takes of the memory"}) {
    for (int i = 1; i <= 5; ++i) {
      const std::string name = "deployment " + std::to_string(i);
      EXPECT_NE(table_after(html, heading).find(name), std::string::npos) << heading << name;
    }
  }
  EXPECT_NE(html.find("it &lt;cannot&gt; be"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::report
