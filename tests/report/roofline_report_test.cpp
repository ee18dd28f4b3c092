// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/roofline_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/formula_words.hpp"
#include "report/markup.hpp"
#include "report/sample.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::report {
namespace {

using nlohmann::json;
using predict::Analysis;

/// What every format shows of an analysis, by name.
std::vector<std::pair<std::string, std::string>> documents(const Analysis& analysis) {
  return {{"text", to_text(analysis)},         {"explanation", to_explanation(analysis)},
          {"json", to_json(analysis)},         {"csv", to_csv(analysis)},
          {"markdown", to_markdown(analysis)}, {"svg", to_svg(analysis)},
          {"html", to_html(analysis)}};
}

TEST(Roofline, ShowsEveryOperatorInEveryFormat) {
  for (const test::Sample& sample : test::samples()) {
    for (const auto& [format, text] : documents(sample.analysis)) {
      for (const predict::StepAnalysis& step : sample.analysis.steps) {
        for (const predict::OperatorAnalysis& one : step.operators) {
          EXPECT_NE(text.find(one.name), std::string::npos)
              << one.name << " in " << format << " of " << sample.name;
        }
      }
    }
  }
}

TEST(Roofline, WritesTheSameBytesEachTime) {
  const Analysis analysis = test::analysis_of(8, 2048);
  EXPECT_EQ(documents(analysis), documents(test::analysis_of(8, 2048)));
}

TEST(Roofline, EndsEveryDocumentWithALineFeed) {
  for (const auto& [format, text] : documents(test::analysis_of(1, 1024))) {
    EXPECT_TRUE(text.ends_with("\n")) << format;
  }
}

TEST(RooflineJson, CarriesTheKeysThatScriptsRelyOn) {
  const json document = json::parse(to_json(test::analysis_of(1, 1024)));
  EXPECT_EQ(document["schema"], "ridgepoint/roofline/1");
  EXPECT_TRUE(document["version"].is_string());
  EXPECT_EQ(document["inputs"]["batch"], 1);
  EXPECT_EQ(document["inputs"]["context"], 1024);
  EXPECT_EQ(document["inputs"]["phases"], (json{"prefill", "decode"}));
  EXPECT_TRUE(document["assumptions"].is_array());
  for (const char* key : {"name", "phase", "count", "flops", "weight_bytes", "activation_bytes",
                          "kv_bytes", "arithmetic_intensity", "ridge_point", "bound", "time_s"}) {
    EXPECT_TRUE(document["operators"][0].contains(key)) << key;
  }
  for (const char* phase : {"prefill", "decode"}) {
    for (const char* key : {"floor_s", "bound_s", "flops", "bytes", "prompt_tokens_per_s",
                            "throughput_tokens_per_s"}) {
      EXPECT_TRUE(document["steps"][phase][key].is_number()) << phase << " " << key;
    }
  }
  EXPECT_EQ(document["memory"]["max_batch"], 64);
}

TEST(RooflineJson, CountsPromptTokensInPrefillAndOutputTokensInDecode) {
  const json steps = json::parse(to_json(test::analysis_of(1, 1024)))["steps"];
  const auto per_s = [&](const char* phase, double tokens) {
    return tokens / steps[phase]["bound_s"].get<double>();
  };
  EXPECT_DOUBLE_EQ(steps["prefill"]["prompt_tokens_per_s"].get<double>(), per_s("prefill", 1024));
  EXPECT_DOUBLE_EQ(steps["decode"]["throughput_tokens_per_s"].get<double>(), per_s("decode", 1));
  EXPECT_EQ(steps["prefill"]["throughput_tokens_per_s"], 0);
  EXPECT_EQ(steps["decode"]["prompt_tokens_per_s"], 0);
}

TEST(RooflineJson, SaysWhatItComputedWith) {
  const json inputs = json::parse(to_json(test::analysis_of(1, 1024)))["inputs"];
  EXPECT_EQ(inputs["memory_bandwidth_bytes_per_s"], 3.35e12);
  EXPECT_EQ(inputs["memory_capacity_bytes"], 80'000'000'000);
  EXPECT_EQ(inputs["peaks"][0]["dense_peak_flops_per_s"], 989.4e12);
  EXPECT_EQ(inputs["num_hidden_layers"], 40);
  EXPECT_EQ(inputs["hidden_size"], 5120);
  EXPECT_EQ(inputs["layer_runs"][0]["num_key_value_heads"], 40);
  EXPECT_EQ(inputs["layer_runs"][0]["head_dim"], 128);
}

TEST(RooflineJson, GivesTheMemoryOfEachBatch) {
  // 26,031,728,640 bytes of weights with norms, 838,860,800 of cache for each sequence.
  const json document = json::parse(to_json(test::analysis_of(1, 1024)));
  for (const json& point : document["batch_curve"]) {
    EXPECT_EQ(point["memory_bytes"].get<std::int64_t>(),
              26'031'728'640 + point["batch"].get<std::int64_t>() * 838'860'800);
    EXPECT_EQ(point["memory_bytes"] <= 80'000'000'000, point["fits"].get<bool>());
  }
}

TEST(RooflineJson, ExplainsEveryOperatorByFormulasThatReadBack) {
  const predict::Analysis analysis = test::analysis_of(3, 1024);
  symbolic::Substitution numbers;
  for (const LetterMeaning& row : letter_meanings(analysis)) {
    numbers[row.letter] = *symbolic::parse(row.number);
  }
  for (const json& one : json::parse(to_json(analysis))["operators"]) {
    std::int64_t flops = 0;
    std::int64_t bytes = 0;
    ASSERT_FALSE(one["formula"].empty());
    for (const json& line : one["formula"]) {
      const auto value = line["value"].get<std::int64_t>();
      (line["kind"] == "flops" ? flops : bytes) += value;
      const auto formula = symbolic::parse(line["formula"].get<std::string>());
      ASSERT_TRUE(formula.has_value()) << line;
      if (one["phase"] == "decode") {
        EXPECT_EQ(substitute(*formula, numbers), symbolic::Expr(value)) << line;
      }
    }
    const auto count = one["count"].get<std::int64_t>();
    EXPECT_EQ(count * flops, one["flops"].get<std::int64_t>());
    EXPECT_EQ(count * bytes, one["weight_bytes"].get<std::int64_t>() +
                                 one["activation_bytes"].get<std::int64_t>() +
                                 one["kv_bytes"].get<std::int64_t>());
  }
}

TEST(RooflineText, CallsTheTokensOfAPrefillPromptTokens) {
  const std::string text = to_text(test::analysis_of(1, 1024));
  const std::string prefill = text.substr(text.find("Prefill is"), text.find("Decode is"));
  EXPECT_NE(prefill.find(" prompt tokens/s at the bound"), std::string::npos) << text;
}

TEST(RooflineJson, WritesCountsExactly) {
  // qkv_proj of 40 layers, decode, B = 1: 2·5120·15360 FLOPs and 5120·15360·2 bytes each.
  const json document = json::parse(to_json(test::analysis_of(1, 1024)));
  for (const json& one : document["operators"]) {
    if (one["name"] != "qkv_proj" || one["phase"] != "decode") continue;
    EXPECT_EQ(one["flops"].get<std::int64_t>(), 40LL * 2 * 5120 * 15360);
    EXPECT_EQ(one["weight_bytes"].get<std::int64_t>(), 40LL * 2 * 5120 * 15360);
    EXPECT_TRUE(one["flops"].is_number_integer());
    return;
  }
  FAIL() << "no qkv_proj";
}

bool has_null(const json& value) {
  if (value.is_null()) return true;
  for (const json& item : value) {
    if (item.is_structured() ? has_null(item) : item.is_null()) return true;
  }
  return false;
}

TEST(RooflineJson, HasNumbersEverywhereAndNullNowhere) {
  for (const test::Sample& sample : test::samples()) {
    EXPECT_FALSE(has_null(json::parse(to_json(sample.analysis)))) << sample.name;
  }
}

TEST(RooflineCsv, SaysWhatTheJsonSays) {
  for (const test::Sample& sample : test::samples()) {
    const json operators = json::parse(to_json(sample.analysis))["operators"];
    const auto rows = test::read_csv(to_csv(sample.analysis));
    ASSERT_EQ(rows.size(), operators.size() + 1) << sample.name;
    for (std::size_t r = 1; r < rows.size(); ++r) {
      ASSERT_EQ(rows[r].size(), rows[0].size());
      for (std::size_t c = 0; c < rows[r].size(); ++c) {
        if (!operators[r - 1].contains(rows[0][c])) continue;
        const json& value = operators[r - 1][rows[0][c]];
        const std::string& field = rows[r][c];
        if (value.is_number_integer()) {
          EXPECT_EQ(std::stoll(field), value.get<std::int64_t>());
        } else if (value.is_number_float()) {
          EXPECT_EQ(std::stod(field), value.get<double>());
        } else if (value.is_string()) {
          EXPECT_EQ(field, value.get<std::string>());
        }
      }
    }
  }
}

TEST(RooflineCsv, SumsToTheStepsOfTheJson) {
  const Analysis analysis = test::analysis_of(4, 1024);
  const json steps = json::parse(to_json(analysis))["steps"];
  const auto rows = test::read_csv(to_csv(analysis));
  for (const char* phase : {"prefill", "decode"}) {
    std::int64_t flops = 0;
    std::int64_t bytes = 0;
    double time = 0;
    for (const auto& row : rows) {
      if (row[0] != phase) continue;
      flops += std::stoll(row[4]);
      bytes += std::stoll(row[5]) + std::stoll(row[6]) + std::stoll(row[7]) + std::stoll(row[8]);
      time += std::stod(row[13]);
    }
    EXPECT_EQ(flops, steps[phase]["flops"].get<std::int64_t>());
    EXPECT_EQ(bytes, steps[phase]["bytes"].get<std::int64_t>());
    EXPECT_NEAR(time, steps[phase]["bound_s"].get<double>(), 1e-12);
  }
}

TEST(RooflineMarkup, IsWellFormedWhateverTheNamesHold) {
  Analysis analysis = test::analysis_of(1, 1024);
  analysis.architecture.name = "</title><script>alert(\"1\")</script>&\x01\xff";
  analysis.device.title = "A & B <img src=x onerror='y'>";
  analysis.assumptions.push_back("x < y && z");
  analysis.device.memory_bandwidth.source = "<a>|`";
  for (const std::string& text : {to_svg(analysis), to_html(analysis)}) {
    EXPECT_EQ(test::markup_fault(text), "");
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find("<img"), std::string::npos);
  }
}

TEST(RooflineMarkup, NeedsNothingFromOutside) {
  const Analysis analysis = test::analysis_of(1, 1024);
  for (const std::string& text : {to_svg(analysis), to_html(analysis)}) {
    for (const char* reference : {"src=", "@import", "url(", "<link", "<script"}) {
      EXPECT_EQ(text.find(reference), std::string::npos) << reference;
    }
  }
}

TEST(RooflineText, FitsTheTerminalAndSaysWhatItLeftOut) {
  const std::string text =
      to_text(test::analysis_of(1, 1024), {.charset = Charset::ascii, .width = 80});
  EXPECT_NE(text.find("left out to fit 80 columns"), std::string::npos);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    EXPECT_LE(end - from, 80u) << text.substr(from, end - from);
    from = end + 1;
  }
}

TEST(RooflineText, HasNoScientificNotation) {
  for (const test::Sample& sample : test::samples()) {
    const std::string text = to_text(sample.analysis);
    for (std::size_t i = 1; i + 2 < text.size(); ++i) {
      const bool exponent = text[i] == 'e' &&
                            std::isdigit(static_cast<unsigned char>(text[i - 1])) &&
                            (text[i + 1] == '-' || text[i + 1] == '+');
      EXPECT_FALSE(exponent) << text.substr(i - 1, 6);
    }
  }
}

TEST(RooflineText, SaysFromWhichBatchAStepIsComputeBound) {
  const std::string text = to_text(test::analysis_of(1, 1024));
  EXPECT_NE(text.find("Decode as a whole never becomes compute-bound"), std::string::npos);
  EXPECT_NE(text.find("at most batch 64"), std::string::npos);
}

TEST(Explanation, PutsNumbersInPlaceOfLetters) {
  const Letters letters{{"B", "2"}, {"D", "5120"}, {"F_2", "7"}};
  EXPECT_EQ(with_numbers("2*B*D*(D + F_2)/X", letters), "2·2·5120·(5120 + 7)/X");
}

TEST(Explanation, ShowsAFormulaItsNumbersAndItsValue) {
  // o_proj: 2·B·D·H·N FLOPs with D = 5120, H = 128, N = 40 and B = 3.
  const std::string text = to_explanation(test::analysis_of(3, 1024));
  EXPECT_NE(text.find("2*B*D*H*N = 2·3·5120·128·40 = 157,286,400 FLOP"), std::string::npos) << text;
  EXPECT_NE(text.find("memory bandwidth 3.35 TB/s: a datasheet"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::report
