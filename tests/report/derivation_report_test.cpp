// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "derive/h100.hpp"
#include "report/markup.hpp"
#include "report/utf8.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::derived;
using derive::formula;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

json document(std::string_view subject) { return json::parse(to_json(derived(subject))); }

bool reads_back(const std::string& text, const symbolic::Expr& expr) {
  const auto parsed = symbolic::parse(text);
  return parsed && *parsed == expr;
}

TEST(DerivationJson, BeginsWithTheEnvelope) {
  const json answer = document("matmul");
  EXPECT_EQ(answer["schema"], "ridgepoint/derive/1");
  EXPECT_EQ(answer["inputs"]["subject"], "matmul");
  EXPECT_EQ(answer["inputs"]["device"], "h100-sxm");
  EXPECT_NEAR(answer["inputs"]["ridge_point"].get<double>(), 989.4 / 3.35, 1e-12);
  EXPECT_FALSE(answer["version"].get<std::string>().empty());
  EXPECT_FALSE(answer["assumptions"].empty());
}

TEST(DerivationJson, HasTheKeysOfEverySectionWhateverItHolds) {
  for (const json& section : document("all")["sections"]) {
    for (const char* key : {"subject", "title", "steps", "flops", "bytes", "arithmetic_intensity",
                            "specialisations", "limit", "claims", "crossover"}) {
      EXPECT_TRUE(section.contains(key)) << section["subject"] << " " << key;
    }
    for (const char* key : {"flops", "bytes", "arithmetic_intensity"}) {
      EXPECT_TRUE(symbolic::parse(section[key].get<std::string>())) << section["subject"] << key;
    }
    for (const json& formula : section["specialisations"]) {
      EXPECT_TRUE(symbolic::parse(formula.get<std::string>())) << section["subject"];
    }
    EXPECT_NE(section["limit"]["value"], "");
    for (const json& claim : section["claims"]) EXPECT_EQ(claim["verdict"], "proved");
  }
}

TEST(DerivationJson, HasFormulasThatReadBackEqual) {
  const derive::Derivation all = derived("all");
  const json sections = json::parse(to_json(all))["sections"];
  ASSERT_EQ(sections.size(), all.sections.size());
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const derive::Section& section = all.sections[i];
    for (std::size_t j = 0; j < section.steps.size(); ++j) {
      EXPECT_TRUE(reads_back(sections[i]["steps"][j]["flops"], section.steps[j].flops));
      EXPECT_TRUE(reads_back(sections[i]["steps"][j]["bytes"], section.steps[j].bytes));
    }
    if (section.arithmetic_intensity) {
      EXPECT_TRUE(reads_back(sections[i]["arithmetic_intensity"], *section.arithmetic_intensity));
    }
    for (std::size_t j = 0; j < section.formulas.size(); ++j) {
      EXPECT_TRUE(reads_back(sections[i]["formulas"][j]["formula"], section.formulas[j].formula))
          << sections[i]["formulas"][j];
    }
    for (std::size_t j = 0; j < section.claims.size(); ++j) {
      EXPECT_TRUE(reads_back(sections[i]["claims"][j]["left"], section.claims[j].left));
      EXPECT_TRUE(reads_back(sections[i]["claims"][j]["right"], section.claims[j].right));
    }
  }
}

TEST(DerivationJson, GivesTheCrossoverAsTheAlgebraDoes) {
  const json matmul = document("matmul")["sections"][0];
  ASSERT_EQ(matmul["crossover"].size(), 1U);
  EXPECT_TRUE(reads_back(matmul["crossover"][0]["value"], formula("R*D*F/(D*F - R*(D + F))")));
  EXPECT_EQ(matmul["crossover"][0]["condition"], "D*F - D*R - F*R > 0");
  EXPECT_EQ(matmul["limit"]["value"], "B");
}

TEST(DerivationText, ShowsEveryStepFormulaAndVerdict) {
  const std::string text = to_text(derived("attention"));
  for (const char* words :
       {"Read Q (B×T×D) from HBM", "S*T/(S + T)", "S/2", "proved  S/(S + 1) < 1", "S = 2*R",
        "memory-bound", "All ", "On h100-sxm: ridge point R = 295.3 FLOP/byte"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  EXPECT_THAT(text, Not(HasSubstr(" \n"))) << "no blanks at the end of a line";
}

TEST(DerivationText, ShowsTheTotalsOfTheModelOnlyWhereTheyAreDerived) {
  EXPECT_THAT(to_text(derived("transformer_batch")), Not(HasSubstr("arithmetic intensity")));
  EXPECT_EQ(document("transformer_batch")["sections"][0]["totals_from"], "transformer");
}

TEST(DerivationText, BreaksProseToTheWidthOfTheTerminal) {
  std::istringstream lines(to_text(derived("attention_gqa"), {.width = 80}));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("proved") || line.starts_with("- ")) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  }
}

TEST(DerivationText, IsPlainAsciiWhereTheTerminalHasNoMore) {
  for (const char c : to_text(derived("all"), {.charset = Charset::ascii})) {
    ASSERT_LT(static_cast<unsigned char>(c), 128);
  }
}

TEST(DerivationText, SaysLoudlyWhatIsNotProved) {
  derive::Derivation derivation = derived("matmul");
  derivation.sections[0].claims[1].verdict = symbolic::Verdict::disproved;
  derivation.sections[0].claims[1].witness = {{"B", 2}};
  const std::string text = to_text(derivation);
  EXPECT_THAT(text, HasSubstr("1 of 9 claims NOT proved"));
  EXPECT_THAT(text, HasSubstr("disproved at B = 2"));
}

TEST(DerivationHtml, IsWellFormedAndNeedsNoOtherFile) {
  const std::string page = to_html(derived("all"));
  EXPECT_EQ(test::markup_fault(page), "");
  EXPECT_THAT(page, HasSubstr("<math"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(DerivationLatex, BalancesBracesDollarsAndEnvironments) {
  const std::string latex = to_latex(derived("all"));
  int depth = 0;
  int dollars = 0;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < latex.size(); ++i) {
    const bool escaped = i > 0 && latex[i - 1] == '\\' && (i < 2 || latex[i - 2] != '\\');
    if (latex[i] == '{' && !escaped) ++depth;
    if (latex[i] == '}' && !escaped) --depth;
    if (latex[i] == '$' && !escaped) ++dollars;
    ASSERT_GE(depth, 0) << latex.substr(i > 40 ? i - 40 : 0, 80);
    const std::string_view rest = std::string_view(latex).substr(i);
    const auto name = [&](std::size_t from) {
      return std::string(rest.substr(from, rest.find('}') - from));
    };
    if (rest.starts_with("\\begin{")) open.push_back(name(7));
    if (rest.starts_with("\\end{")) {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), name(5));
      open.pop_back();
    }
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(dollars % 2, 0);
  EXPECT_TRUE(open.empty());
}

TEST(DerivationLatex, IsPlainAscii) {
  for (const char c : to_latex(derived("all"))) ASSERT_LT(static_cast<unsigned char>(c), 128);
}

TEST(DerivationMarkdown, HasTablesWithEqualColumns) {
  std::istringstream lines(to_markdown(derived("all")));
  std::size_t columns = 0;
  for (std::string line; std::getline(lines, line);) {
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1U : 0U;
    }
    if (!line.starts_with("|")) bars = 0;
    if (bars > 0 && columns > 0) {
      EXPECT_EQ(bars, columns) << line;
    }
    columns = bars;
  }
}

}  // namespace
}  // namespace ridgepoint::report
