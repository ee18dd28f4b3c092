// SPDX-License-Identifier: Apache-2.0
// What compare makes of the words it is given: lists, variants, names, and what is left out.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;
using Words = std::vector<std::string>;

constexpr int kBadInput = 2;

std::string refusal(const Words& words) {
  const auto outcome = run(words);
  EXPECT_EQ(outcome.exit_code, kBadInput) << outcome.out;
  EXPECT_EQ(outcome.out, "");
  return outcome.err;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::string variant_refusal(const std::string& variant) {
  return refusal({"compare", "llama-3.1-8b", "--variant", variant});
}

TEST(CompareWords, AVariantSaysNothingButWhatADeploymentIs) {
  for (const char* option : {"--json", "--out x", "--format html", "--explain", "--color always",
                             "--shortcuts", "--variant x"}) {
    const std::string name = std::string(option).substr(0, std::string(option).find(' '));
    EXPECT_TRUE(contains(variant_refusal(option), "--variant: " + name + " says nothing about"))
        << option;
  }
  EXPECT_TRUE(contains(variant_refusal("-- vllm serve foo"), "holds a line behind --"));
  EXPECT_TRUE(contains(variant_refusal("  "), "--variant: says nothing"));
}

TEST(CompareWords, AnEmptyEntryInAListOfNamesIsAFault) {
  for (const Words& list : std::vector<Words>{
           {"--weights", "bf16,,fp8"}, {"--kv-cache-dtype", "fp8,"}, {"-d", "h100,,h200"}}) {
    const std::string err = refusal({"compare", "llama-3.1-8b", list[0], list[1]});
    EXPECT_TRUE(contains(err, "\"" + list[1] + "\" has an empty entry")) << err;
    EXPECT_EQ(occurrences(err, "ridgepoint: "), 1U) << err;
  }
}

TEST(CompareWords, ALimitShorterThanTheRequestIsAFault) {
  const std::string variant = variant_refusal("-o 500 --max-model-len 100");
  EXPECT_TRUE(contains(variant, "--max-model-len: 100 is shorter than input and output, 1,524"))
      << variant;
  EXPECT_TRUE(contains(refusal({"compare", "llama-3.1-8b,qwen3-8b", "-i", "4000", "-o", "97",
                                "--max-model-len", "4096"}),
                       "4,096 is shorter than input and output, 4,097"));
  const auto just = run(
      {"compare", "llama-3.1-8b,qwen3-8b", "-i", "4000", "-o", "96", "--max-model-len", "4096"});
  EXPECT_EQ(just.exit_code, 0) << just.err;
  EXPECT_TRUE(contains(
      refusal({"emit", "llama-3.1-8b", "-i", "4000", "-o", "97", "--max-model-len", "4096"}),
      "4,096 is shorter than input and output, 4,097"));
}

TEST(CompareWords, ABadListOfNumbersIsReportedOnce) {
  const Words base{"compare", "llama-3.1-8b"};
  for (const Words& list : std::vector<Words>{{"-b", "1..257"},
                                              {"-b", "1,nan"},
                                              {"-tp", "1,,2"},
                                              {"-n", "1,x"},
                                              {"-i", "1,,2"},
                                              {"--max-num-batched-tokens", "1,z"}}) {
    const std::string err = refusal({base[0], base[1], list[0], list[1]});
    EXPECT_EQ(occurrences(err, "ridgepoint: "), 1U) << err;
  }
}

TEST(CompareWords, ListsThatMakeTooManyDeploymentsAreReportedOnce) {
  const std::string err =
      refusal({"compare", "llama-3.1-8b", "-b", "1..20", "-i", "1..20", "-o", "1,2"});
  EXPECT_TRUE(contains(err, "--input: more than 256 deployments")) << err;
  EXPECT_EQ(occurrences(err, "ridgepoint: "), 1U) << err;
}

TEST(CompareWords, WhatCannotBeSplitIsLeftOutOfDevicesAsOfTp) {
  const auto outcome = run({"compare", "llama-3.1-8b", "-n", "1,2,3", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["columns"].size(), 2U);
  EXPECT_EQ(answer["columns"][0]["name"], "1 device");
  EXPECT_EQ(answer["columns"][1]["name"], "2 devices");
  EXPECT_TRUE(contains(answer["left_out"].dump(), "3 devices: 3 devices cannot split"))
      << answer["left_out"];
  EXPECT_TRUE(
      contains(refusal({"compare", "llama-3.1-8b", "-n", "3,5"}), "5 devices cannot split"));
}

TEST(CompareWords, NamesPartThousands) {
  const auto answer =
      run({"compare", "llama-3.1-8b", "-d", "h200-sxm", "-b", "1,1000000", "--json"}).json();
  EXPECT_EQ(answer["columns"][1]["name"], "batch 1,000,000");
}

TEST(CompareWords, ShortcutsLeftOutNameTheirDeployment) {
  // Falcon 7B has one head of keys and values; both models are asked for every shortcut.
  const auto answer =
      run({"compare", "falcon-7b,llama-2-13b", "-d", "h200-sxm", "--shortcuts", "--json"}).json();
  const std::string all = answer["left_out"].dump();
  EXPECT_TRUE(contains(all, "falcon-7b, one KV head: it has one KV head")) << all;
  EXPECT_TRUE(contains(all, "falcon-7b, half the KV heads: it has one KV head")) << all;
}

// Mamba keeps a state, and no keys or values whose type could change.
TEST(CompareWords, AShortcutThatChangesNothingIsLeftOut) {
  const auto answer =
      run({"compare", "mamba-2.8b", "-d", "h100-sxm", "--shortcuts", "--json"}).json();
  const std::string all = answer["left_out"].dump();
  EXPECT_TRUE(contains(all, "KV cache in int4: it changes nothing for this model")) << all;
  EXPECT_TRUE(contains(all, "half the MLP's width: it has no MLP")) << all;
  for (const auto& column : answer["columns"]) {
    EXPECT_FALSE(contains(column["name"], "KV cache in")) << column["name"];
  }
}

TEST(CompareWords, TheHeadlineSaysWhatAllHaveInCommonOnly) {
  const auto headline = [](const Words& more) {
    Words words{"compare", "llama-3.1-8b"};
    words.insert(words.end(), more.begin(), more.end());
    const std::string out = run(words).out;
    return out.substr(0, out.find("\n"));
  };
  const std::string batches = headline({"-b", "1,8,64"});
  EXPECT_TRUE(contains(batches, ": 1,024 tokens in, 128 out")) << batches;
  EXPECT_FALSE(contains(batches, ": batch")) << batches;
  const std::string types = headline({"--weights", "bf16,fp8", "-b", "8", "-i", "100,200"});
  EXPECT_TRUE(contains(types, ": batch 8, 128 tokens out")) << types;
}

// Behind a line that takes 0.3 of the memory, sequences of 1024 + 128 tokens.
TEST(CompareWords, MemoryFlagsOfALineCount) {
  const Words line{"--json",
                   "--",
                   "vllm",
                   "serve",
                   "meta-llama/Llama-3.1-8B",
                   "--gpu-memory-utilization",
                   "0.3",
                   "--max-num-seqs",
                   "64"};
  const auto with = [&](Words words) {
    words.insert(words.end(), line.begin(), line.end());
    return run(words).json();
  };
  const auto alone = with({"fit", "-d", "h100-sxm", "--max-model-len", "1152"});
  const auto answer = with({"compare", "-d", "h100-sxm,h200-sxm", "-b", "64"});
  EXPECT_EQ(answer["columns"][0]["sequences_at_max_length"], alone["sequences_at_max_length"]);
}

}  // namespace
}  // namespace ridgepoint::app
