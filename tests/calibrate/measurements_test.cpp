// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/measurements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ridgepoint/calibrate/fit.hpp"

namespace ridgepoint::calibrate {
namespace {

using namespace efficiency;  // NOLINT(google-build-using-namespace): its shapes, all of them
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// The one row of a table.
Measurement only_row(const std::string& header, const std::string& row) {
  const auto table = read_measurements(header + "\n" + row + "\n", "t.csv");
  if (!table || table->rows.size() != 1) {
    ADD_FAILURE() << row << (table && !table->bad_rows.empty() ? table->bad_rows[0].what : "");
    return {};
  }
  return table->rows[0];
}

TEST(Measurements, ReadAGemm) {
  const Measurement row =
      only_row("source,stack,device,op,kernel,dtype,m,n,k,measured_us,flag",
               "lab,vllm-0.24.0,H100-SXM,gemm,cublas,bfloat16,64,4096,8192,25.5,cached");
  EXPECT_EQ(row.where, "t.csv: line 2");
  EXPECT_EQ(row.source, "lab");
  EXPECT_EQ(row.stack, "vllm-0.24.0");
  EXPECT_EQ(row.device, "H100-SXM");
  EXPECT_EQ(row.kernel, "cublas");
  EXPECT_EQ(row.compute, "bf16");
  EXPECT_EQ(row.kind, OperatorClass::gemm);
  EXPECT_TRUE(row.is_in_cache);
  EXPECT_DOUBLE_EQ(row.seconds, 25.5e-6);
  const auto& shape = std::get<GemmShape>(row.shape);
  EXPECT_EQ(shape.m, 64);
  EXPECT_EQ(shape.n, 4096);
  EXPECT_EQ(shape.k, 8192);
}

TEST(Measurements, ReadAttention) {
  const std::string header =
      "stack,device,op,kernel,dtype,kv_dtype,batch,q_len,kv_len,heads,kv_heads,head_dim,window,"
      "measured_us";
  const Measurement prefill = only_row(
      header, "vllm-0.24.0,H100,attention_prefill,fa3,bfloat16,fp8,2,512,2048,32,8,128,0,90");
  EXPECT_EQ(prefill.kind, OperatorClass::prefill_attention);
  EXPECT_EQ(prefill.cache, "fp8");
  const auto& shape = std::get<AttentionShape>(prefill.shape);
  EXPECT_EQ(shape.batch, 2);
  EXPECT_EQ(shape.new_tokens, 512);
  EXPECT_EQ(shape.context, 2048);
  EXPECT_EQ(shape.query_heads, 32);
  EXPECT_EQ(shape.kv_heads, 8);
  EXPECT_EQ(shape.head_dim, 128);
  EXPECT_EQ(shape.window, 0);
  const Measurement decode = only_row(
      header, "vllm-0.24.0,H100,attention_decode,fa3,bfloat16,fp8,2,1,2048,32,8,128,1024,9");
  EXPECT_EQ(decode.kind, OperatorClass::decode_attention);
  EXPECT_EQ(std::get<AttentionShape>(decode.shape).window, 1024);
}

// Windows and lengths of the same heads are left out together; lengths where there is nothing else.
TEST(Measurements, LeaveOutHeadsTogetherAndLengthsOfTheOnlyOnes) {
  const std::string header =
      "device,op,kernel,dtype,batch,q_len,kv_len,heads,kv_heads,head_dim,window,measured_us\n";
  const std::string of_eight =
      "H100,attention_decode,fa3,bfloat16,2,1,2048,32,8,128,1024,9\n"
      "H100,attention_decode,fa3,bfloat16,2,1,4096,32,8,128,0,11\n";
  const std::string of_four = "H100,attention_decode,fa3,bfloat16,2,1,4096,32,4,128,0,9\n";
  const auto both = read_measurements(header + of_eight + of_four, "table.csv");
  ASSERT_TRUE(both && both->rows.size() == 3);
  EXPECT_EQ(both->rows[0].group, both->rows[1].group);
  EXPECT_NE(both->rows[0].group, both->rows[2].group);
  const auto alone = read_measurements(header + of_eight, "table.csv");
  ASSERT_TRUE(alone && alone->rows.size() == 2);
  EXPECT_NE(alone->rows[0].group, alone->rows[1].group);
}

TEST(Measurements, ReadLatentAttention) {
  const Measurement row =
      only_row("stack,device,op,kernel,dtype,kv_dtype,batch,q_len,kv_len,heads,tp,measured_us",
               "sglang-0.5.14,H100,mla_decode,flashmla,bfloat16,fp8,8,1,4096,16,8,30");
  EXPECT_EQ(row.kind, OperatorClass::latent_decode);
  EXPECT_EQ(std::get<LatentAttentionShape>(row.shape).query_heads, 16);
}

TEST(Measurements, ReadExperts) {
  const Measurement row = only_row(
      "stack,device,op,kernel,dtype,m,k,n,topk,experts,moe_tp,moe_ep,distribution,measured_us",
      "vllm-0.24.0,H100,grouped_gemm,triton,fp8,128,4096,1536,8,128,2,4,power_law_1.2,200");
  const auto& shape = std::get<ExpertsShape>(row.shape);
  EXPECT_EQ(shape.tokens, 128);
  EXPECT_EQ(shape.hidden, 4096);
  EXPECT_EQ(shape.intermediate, 1536);
  EXPECT_EQ(shape.experts_per_token, 8);
  EXPECT_EQ(shape.experts, 128);
  EXPECT_EQ(shape.tensor_parallel, 2);
  EXPECT_EQ(shape.expert_parallel, 4);
  EXPECT_EQ(shape.skew, 1.2);
}

// A table that says "nccl" or nothing: each operator is a kernel, and so is one that leaves a node.
TEST(Measurements, ReadCollectives) {
  const std::string header = "stack,device,op,kernel,dtype,ranks,msg_bytes,sub,measured_us";
  const Measurement ring = only_row(header, "nccl-2.27.3,H100,all_gather,nccl,half,8,1048576,,40");
  EXPECT_EQ(ring.kernel, "nccl_all_gather");
  EXPECT_EQ(ring.compute, "fp16");
  EXPECT_EQ(std::get<CollectiveShape>(ring.shape).kind, CollectiveKind::all_gather);
  EXPECT_EQ(std::get<CollectiveShape>(ring.shape).ranks, 8);
  EXPECT_EQ(std::get<CollectiveShape>(ring.shape).bytes, 1048576);
  EXPECT_EQ(ring.group, "2^20");
  const Measurement nodes = only_row(header, "nccl,A100,all_reduce,,fp16,16,2048,per_node=8,90");
  EXPECT_EQ(nodes.kernel, "nccl_all_reduce_network");
  EXPECT_EQ(std::get<CollectiveShape>(nodes.shape).per_node, 8);
  const Measurement engine =
      only_row(header, "vllm-0.24.0,H100,all_reduce,vLLM_custom_graph,bfloat16,8,2048,,5");
  EXPECT_EQ(engine.kernel, "vLLM_custom_graph");
  for (const auto& [op, kind] : {std::pair{"reduce_scatter", CollectiveKind::reduce_scatter},
                                 std::pair{"all_to_all", CollectiveKind::all_to_all},
                                 std::pair{"send_recv", CollectiveKind::send}}) {
    const Measurement row =
        only_row(header, std::string("nccl,A100,") + op + ",nccl,half,2,2048,,9");
    EXPECT_EQ(std::get<CollectiveShape>(row.shape).kind, kind);
  }
}

/// Of one element-wise row: its kernel, width, bytes an element and kernels.
struct Elementwise {
  std::string kernel;
  ElementwiseShape shape;
};
Elementwise elementwise(const std::string& op, const std::string& model) {
  const Measurement row =
      only_row("device,op,model,tp,dtype,m,k,n,heads,kv_heads,head_dim,measured_us",
               "A100," + op + "," + model + ",1,fp16,16,,4096,32,8,128,7");
  return {row.kernel, std::get<ElementwiseShape>(row.shape)};
}

TEST(Measurements, ReadElementwiseOperators) {
  EXPECT_EQ(elementwise("rmsnorm", "meta-llama/Llama-2-7b-hf").kernel, "rmsnorm");
  const Elementwise rope = elementwise("rope", "meta-llama/Llama-2-7b-hf");
  EXPECT_EQ(rope.shape.width, (32 + 8) * 128);
  const Elementwise gated = elementwise("activation", "meta-llama/Llama-2-7b-hf");
  EXPECT_EQ(gated.kernel, "gated_activation");
  EXPECT_EQ(gated.shape.width, 4096);
  EXPECT_EQ(gated.shape.bytes_per_element, 6);  // two inputs and an output of two bytes
  const Elementwise sum = elementwise("add", "meta-llama/Llama-2-7b-hf");
  EXPECT_EQ(sum.shape.bytes_per_element, 6);
  EXPECT_EQ(sum.shape.kernels, 1);
  EXPECT_EQ(elementwise("embedding", "").shape.kind, ElementwiseKind::embedding);
  EXPECT_EQ(elementwise("softmax", "").shape.kind, ElementwiseKind::softmax);
  EXPECT_EQ(elementwise("layernorm", "").kernel, "layernorm");
}

// phi-2 has LayerNorm, no gate, and attention and MLP side by side, added up in two steps.
TEST(Measurements, KnowWhatVidursTablesCallByTheSameNameInPhi2) {
  EXPECT_EQ(elementwise("rmsnorm", "microsoft/phi-2").kernel, "layernorm");
  EXPECT_EQ(elementwise("activation", "microsoft/phi-2").kernel, "activation");
  EXPECT_EQ(elementwise("activation", "microsoft/phi-2").shape.bytes_per_element, 4);
  EXPECT_EQ(elementwise("add", "microsoft/phi-2").shape.kernels, 2);
  EXPECT_EQ(elementwise("add", "microsoft/phi-2").shape.bytes_per_element, 12);
}

TEST(Measurements, NameEveryBadRowWithItsLineAndKeepTheOthers) {
  const auto table = read_measurements(
      "device,op,dtype,m,n,k,measured_us\n"
      "H100,gemm,bf16,1,1024,1024,5\n"
      "H100,gemm,bf16,one,1024,1024,5\n"
      "H100,gemm,bf16,1,1024,1024,-5\n"
      "H100,conv,bf16,1,1024,1024,5\n"
      "H100,gemm,bf16,1,1024,1024\n"
      "H100,gemm,bf16,1,1024,,5\n"
      "H100,gemm,bf16,1,1024,1024,nan\n"
      "H100,gemm,bf16,2,1024,1024,6\n",
      "t.csv");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->rows, SizeIs(2));
  std::vector<std::string> places;
  for (const Diagnostic& each : table->bad_rows) {
    places.push_back(each.where);
    EXPECT_NE(each.help, "") << each.where;
  }
  std::sort(places.begin(), places.end());
  EXPECT_THAT(places, ElementsAre("t.csv: line 3", "t.csv: line 4", "t.csv: line 5",
                                  "t.csv: line 6", "t.csv: line 7", "t.csv: line 8"));
}

TEST(Measurements, NameRowsWhoseNumbersAreOfNoSize) {
  const auto gemms = read_measurements(
      "device,op,dtype,m,n,k,measured_us\n"
      "D,gemm,bf16,1e300,16,16,5\n"
      "D,gemm,bf16,16,16,16,1e-310\n",
      "t.csv");
  ASSERT_TRUE(gemms);
  EXPECT_THAT(gemms->rows, SizeIs(0));
  ASSERT_THAT(gemms->bad_rows, SizeIs(2));
  EXPECT_EQ(gemms->bad_rows[0].what, "m is 1e+300, which is absurd");
  EXPECT_THAT(gemms->bad_rows[1].what, HasSubstr("measured_us"));
  const auto others = read_measurements(
      "device,op,sub,dtype,m,k,n,topk,experts,distribution,ranks,msg_bytes,measured_us\n"
      "D,grouped_gemm,,bf16,8,16,16,2,8,power_law_inf,,,5\n"
      "D,all_reduce,per_node=none,bf16,,,,,,,8,1024,5\n"
      "D,all_reduce,per_node=9,bf16,,,,,,,8,1024,5\n",
      "t.csv");
  ASSERT_TRUE(others);
  ASSERT_THAT(others->bad_rows, SizeIs(3));
  EXPECT_THAT(others->bad_rows[0].what, HasSubstr("power_law_inf"));
  EXPECT_THAT(others->bad_rows[1].what, HasSubstr("per_node=none"));
  EXPECT_EQ(others->bad_rows[2].help, "per_node= and 1 or more of the ranks");
}

TEST(Measurements, RefuseATableWithoutTheirColumns) {
  const auto table = read_measurements("device,op,m\nH100,gemm,1\n", "t.csv");
  ASSERT_FALSE(table);
  ASSERT_THAT(table.error(), SizeIs(2));
  EXPECT_THAT(table.error()[0].what, HasSubstr("dtype"));
  EXPECT_THAT(table.error()[1].what, HasSubstr("measured_us"));
}

std::vector<Measurement> collectives(const std::string& rows) {
  const auto table = read_measurements(
      "source,stack,device,op,kernel,dtype,ranks,msg_bytes,measured_us\n" + rows, "t.csv");
  return table ? table->rows : std::vector<Measurement>();
}

// What an all-reduce without a graph shares: NCCL, which takes over, and its kernel in a graph.
TEST(RowsByKernel, HaveTheRowsBesideThemThatShareTheirCoefficients) {
  const auto rows = collectives(
      "a,nccl-2.27.3,H100,all_reduce,nccl,half,2,256,9\n"
      "a,nccl-2.27.3,H100,all_reduce,nccl,int8,2,256,9\n"
      "a,nccl-2.27.3,H100,all_gather,nccl,half,2,256,9\n"
      "a,vllm-0.24.0,H100,all_reduce,vLLM_custom_graph,bfloat16,2,256,4\n"
      "a,vllm-0.24.0,H100,all_reduce,vLLM_custom_eager,bfloat16,2,256,20\n"
      "b,nccl-2.19,H100,all_reduce,nccl,half,2,256,40\n");
  ASSERT_EQ(rows.size(), 6U);
  const std::vector<KernelRows> kernels = rows_by_kernel(rows);
  ASSERT_EQ(kernels.size(), 6U);
  EXPECT_THAT(kernels[0].beside, ElementsAre(&rows[1]));  // int8 of the same operator
  EXPECT_THAT(kernels[2].beside, SizeIs(0));
  EXPECT_THAT(kernels[3].beside, ElementsAre(&rows[0], &rows[1]));
  EXPECT_THAT(kernels[4].beside, ElementsAre(&rows[0], &rows[1], &rows[3]));
  EXPECT_THAT(kernels[5].beside, SizeIs(0));  // of another source: another machine
}

}  // namespace
}  // namespace ridgepoint::calibrate
