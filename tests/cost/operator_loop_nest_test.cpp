// SPDX-License-Identifier: Apache-2.0
// Loops that do the work of the further operators and count what they do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/step.hpp"

namespace ridgepoint::cost {
namespace {

struct Work {
  std::int64_t pairs = 0;
  std::set<int> keys;
};

/// The pairs and the keys of queries S − T … S − 1 under a mask.
template <class Mask>
Work masked(int new_tokens, int context, Mask sees) {
  Work work;
  for (int query = context - new_tokens; query < context; ++query) {
    for (int key = 0; key <= query; ++key) {
      if (!sees(query, key)) continue;
      ++work.pairs;
      work.keys.insert(key);
    }
  }
  return work;
}

TEST(LoopNest, AgreesWithChunkedAttentionForEveryPastChunkAndStep) {
  for (int chunk = 1; chunk <= 6; ++chunk) {
    for (int context = 1; context <= 13; ++context) {
      for (int new_tokens = 1; new_tokens <= context; ++new_tokens) {
        const Work work = masked(new_tokens, context,
                                 [&](int query, int key) { return key / chunk == query / chunk; });
        const auto sum = totals(ChunkedAttention<Count>{2, 1, 3, 2, 2, chunk},
                                Shape<Count>{1, new_tokens, context});
        EXPECT_EQ(sum.flops, Count(4 * 2 * 3 * work.pairs))
            << "c=" << chunk << " T=" << new_tokens << " S=" << context;
        EXPECT_EQ(sum.kv_bytes, Count(2 * work.keys.size() * 3 * 2));
      }
    }
  }
}

TEST(LoopNest, AgreesWithTheLocalAttentionOfAnEncoder) {
  for (int reach = 1; reach <= 7; ++reach) {
    for (int tokens = 1; tokens <= 9; ++tokens) {
      std::int64_t pairs = 0;
      for (int query = 0; query < tokens; ++query) {
        for (int key = 0; key < tokens; ++key) pairs += std::abs(query - key) < reach ? 1 : 0;
      }
      const auto sum =
          totals(EncoderAttention<Count>{2, 1, 3, 2, true, reach}, Shape<Count>{1, tokens, tokens});
      EXPECT_EQ(sum.flops, Count(4 * 2 * 3 * pairs)) << "w=" << reach << " T=" << tokens;
    }
  }
}

TEST(LoopNest, AgreesWithSparseAttention) {
  for (int top_k = 1; top_k <= 6; ++top_k) {
    for (int context = 1; context <= 9; ++context) {
      for (int new_tokens = 1; new_tokens <= context; ++new_tokens) {
        std::int64_t pairs = 0;
        for (int query = context - new_tokens; query < context; ++query) {
          pairs += std::min(query + 1, top_k);
        }
        const auto sum = totals(SparseLatentAttention<Count>{3, 4, 2, top_k, 2, 2},
                                Shape<Count>{1, new_tokens, context});
        EXPECT_EQ(sum.flops, Count(pairs * 3 * 2 * (2 * 4 + 2)));
        EXPECT_EQ(sum.kv_bytes, Count(std::min<std::int64_t>(context, pairs) * 6 * 2));
      }
    }
  }
}

/// One head's recurrence over a state of a×v: multiply-adds of each of its loops.
std::int64_t recurrence_flops(int tokens, int a, int v, int products) {
  std::int64_t flops = 0;
  for (int token = 0; token < tokens; ++token) {
    for (int product = 0; product < products; ++product) {
      for (int row = 0; row < a; ++row) {
        for (int column = 0; column < v; ++column) flops += 2;
      }
    }
  }
  return flops;
}

TEST(LoopNest, AgreesWithTheRecurrences) {
  const Shape<Count> shape{1, 5, 9};
  const LinearAttention<Count> linear{3, 1, 4, 2, 0, 0, 4, 2, 4, 2, Scan::recurrent};
  EXPECT_EQ(totals(linear, shape).flops, Count(3 * recurrence_flops(5, 4, 2, 2)));
  const DeltaNet<Count> delta{3, 1, 4, 2, 0, 0, 4, 2, 4, 2, Scan::recurrent};
  EXPECT_EQ(totals(delta, shape).flops, Count(3 * recurrence_flops(5, 4, 2, 3)));
  const SelectiveScan<Count> scan{6, 4, 4, 2, 4};
  EXPECT_EQ(totals(scan, shape).flops, Count(recurrence_flops(5, 6, 4, 2)));
}

/// The tokens of a step from its first on, chunk by chunk.
template <class Visit>
void for_each_chunk(int tokens, int chunk, Visit visit) {
  for (int first = 0; first < tokens; first += chunk) visit(std::min(chunk, tokens - first));
}

/// Mamba-2's four matmuls of one chunk of x tokens, causal: g key heads, h heads.
std::int64_t linear_chunk(int x, int g, int h, int a, int v) {
  std::int64_t flops = 0;
  for (int query = 0; query < x; ++query) {
    for (int key = 0; key <= query; ++key) flops += 2 * g * a + 2 * h * v;
    flops += 2 * h * a * v + 2 * h * a * v;  // into the state, and out of the one before
  }
  return flops;
}

TEST(LoopNest, AgreesWithChunkedLinearAttention) {
  for (int chunk = 1; chunk <= 4; ++chunk) {
    for (int tokens = 2; tokens <= 9; ++tokens) {
      std::int64_t flops = 0;
      for_each_chunk(tokens, chunk, [&](int x) { flops += linear_chunk(x, 2, 4, 3, 5); });
      const LinearAttention<Count> op{4, 2, 3, 5, 0, 0, 4, 2, 4, chunk};
      EXPECT_EQ(totals(op, Shape<Count>{1, tokens, tokens + 7}).flops, Count(flops))
          << "c=" << chunk << " T=" << tokens;
    }
  }
}

/// The WY form of one head and chunk of x tokens: K·Kᵀ, its inverse, W, U, U − W·H, Q·H,
/// (Q·Kᵀ)·U and the state.
std::int64_t delta_chunk(int x, int a, int v) {
  std::int64_t flops = 0;
  for (int row = 0; row < x; ++row) {
    for (int column = 0; column < row; ++column) {
      flops += 2 * a;                                 // K·Kᵀ below the diagonal
      for (int k = column; k < row; ++k) flops += 2;  // forward substitution
    }
    for (int column = 0; column <= row; ++column) flops += 2 * a + 2 * v;  // W, U
    for (int column = 0; column <= row; ++column) flops += 2 * a + 2 * v;  // Q·Kᵀ, times U
    flops += 3 * 2 * a * v;                                                // W·H, Q·H, Kᵀ·U
  }
  return flops;
}

TEST(LoopNest, AgreesWithTheChunkedDeltaRule) {
  for (int chunk = 1; chunk <= 5; ++chunk) {
    for (int tokens = 2; tokens <= 11; ++tokens) {
      std::int64_t flops = 0;
      for_each_chunk(tokens, chunk, [&](int x) { flops += 2 * 4 * delta_chunk(x, 3, 5); });
      const DeltaNet<Count> op{4, 2, 3, 5, 0, 0, 4, 2, 4, chunk};
      EXPECT_EQ(totals(op, Shape<Count>{2, tokens, tokens}).flops, Count(flops))
          << "c=" << chunk << " T=" << tokens;
    }
  }
}

TEST(LoopNest, OfOneTokenIsTheRecurrenceInBothForms) {
  const Shape<Count> shape{3, 1, 50};
  DeltaNet<Count> op{4, 2, 3, 5, 8, 8, 4, 2, 4, 64};
  const Count chunked = totals(op, shape).flops;
  op.scan = Scan::recurrent;
  EXPECT_EQ(totals(op, shape).flops, chunked);
}

/// Every way in which `tokens` tokens choose k of E experts: distinct experts summed, ways counted.
struct Choices {
  std::int64_t distinct = 0;
  std::int64_t ways = 0;
};
void choose(int tokens, unsigned chosen, int experts, int per_token, Choices& out) {
  if (tokens == 0) {
    out.distinct += __builtin_popcount(chosen);
    ++out.ways;
    return;
  }
  for (unsigned set = 0; set < (1u << experts); ++set) {
    if (__builtin_popcount(set) != per_token) continue;
    choose(tokens - 1, chosen | set, experts, per_token, out);
  }
}

TEST(DistinctExperts, AreTheMeanOverAllChoices) {
  for (int experts = 1; experts <= 5; ++experts) {
    for (int per_token = 1; per_token <= experts; ++per_token) {
      for (int tokens = 1; tokens <= 3; ++tokens) {
        Choices choices;
        choose(tokens, 0, experts, per_token, choices);
        EXPECT_EQ(distinct_experts(Count(experts), Count(per_token), Count(tokens)),
                  Count(choices.distinct, choices.ways))
            << "E=" << experts << " k=" << per_token << " n=" << tokens;
      }
    }
  }
}

}  // namespace
}  // namespace ridgepoint::cost
