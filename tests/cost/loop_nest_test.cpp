// SPDX-License-Identifier: Apache-2.0
// The oracle of the formulas: loops that do the work and count what they do.
#include <gtest/gtest.h>

#include <cstdint>
#include <set>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/mlp.hpp"
#include "ridgepoint/cost/step.hpp"

namespace ridgepoint::cost {
namespace {

std::int64_t multiply_adds_of_matmul(int m, int k, int n) {
  std::int64_t flops = 0;
  for (int row = 0; row < m; ++row) {
    for (int column = 0; column < n; ++column) {
      for (int inner = 0; inner < k; ++inner) flops += 2;  // a multiply and an add
    }
  }
  return flops;
}

struct AttentionWork {
  std::int64_t flops = 0;
  std::int64_t keys_read = 0;
};

/// Queries at positions S − T … S − 1 of one sequence; `sees(query, key)` masks.
template <class Mask>
AttentionWork count_attention(int new_tokens, int context, int heads, int width, Mask sees) {
  AttentionWork work;
  std::set<int> keys;
  for (int query = context - new_tokens; query < context; ++query) {
    for (int key = 0; key < context; ++key) {
      if (!sees(query, key)) continue;
      keys.insert(key);
      for (int head = 0; head < heads; ++head) {
        for (int i = 0; i < width; ++i) work.flops += 2 + 2;  // Q·Kᵀ and P·V
      }
    }
  }
  work.keys_read = static_cast<std::int64_t>(keys.size());
  return work;
}

TEST(LoopNest, AgreesWithTheMatmulFormula) {
  for (const int m : {1, 3, 8}) {
    for (const int k : {1, 5}) {
      for (const int n : {2, 7}) {
        const auto sum = totals(Matmul<Count>{k, n, 2, 2}, Shape<Count>{m, 1, 1});
        EXPECT_EQ(sum.flops, Count(multiply_adds_of_matmul(m, k, n)));
      }
    }
  }
}

TEST(LoopNest, AgreesWithTheMlpFormulas) {
  const Shape<Count> shape{2, 3, 3};
  const std::int64_t up = multiply_adds_of_matmul(6, 4, 9);
  const std::int64_t down = multiply_adds_of_matmul(6, 9, 4);
  EXPECT_EQ(totals(GatedMlp<Count>{4, 9, 2, 2}, shape).flops, Count(2 * up + down));
  EXPECT_EQ(totals(PlainMlp<Count>{4, 9, 2, 2}, shape).flops, Count(up + down));
}

TEST(LoopNest, AgreesWithTheQkvProjectionFormula) {
  // D=6, N=4, K=2, H=3: one matmul to (4 + 2·2)·3 = 24 features.
  const auto sum = totals(QkvProjection<Count>{6, 4, 2, 3, 2, 2, 2}, Shape<Count>{2, 5, 5});
  EXPECT_EQ(sum.flops, Count(multiply_adds_of_matmul(10, 6, 24)));
}

TEST(LoopNest, AgreesWithCausalAttentionForEveryPastAndChunk) {
  for (int context = 1; context <= 12; ++context) {
    for (int new_tokens = 1; new_tokens <= context; ++new_tokens) {
      const auto work = count_attention(new_tokens, context, 4, 3,
                                        [](int query, int key) { return key <= query; });
      const auto sum =
          totals(Attention<Count>{4, 2, 3, 2, 2}, Shape<Count>{1, new_tokens, context});
      EXPECT_EQ(sum.flops, Count(work.flops)) << "T=" << new_tokens << " S=" << context;
      EXPECT_EQ(sum.kv_bytes, Count(2 * work.keys_read * 2 * 3 * 2));
    }
  }
}

TEST(LoopNest, AgreesWithFullAttention) {
  const auto work = count_attention(3, 7, 4, 3, [](int, int) { return true; });
  const Attention<Count> op{4, 4, 3, 2, 2, Pairs::full};
  EXPECT_EQ(totals(op, Shape<Count>{1, 3, 7}).flops, Count(work.flops));
}

TEST(LoopNest, AgreesWithWindowAttentionForEveryPastChunkAndWindow) {
  for (int window = 1; window <= 9; ++window) {
    for (int context = 1; context <= 10; ++context) {
      for (int new_tokens = 1; new_tokens <= context; ++new_tokens) {
        const auto work = count_attention(new_tokens, context, 2, 3, [&](int query, int key) {
          return key <= query && key > query - window;
        });
        const auto sum = totals(WindowAttention<Count>{2, 1, 3, 2, 2, window},
                                Shape<Count>{1, new_tokens, context});
        EXPECT_EQ(sum.flops, Count(work.flops))
            << "W=" << window << " T=" << new_tokens << " S=" << context;
        EXPECT_EQ(sum.kv_bytes, Count(2 * work.keys_read * 1 * 3 * 2));
      }
    }
  }
}

}  // namespace
}  // namespace ridgepoint::cost
