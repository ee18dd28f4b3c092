// SPDX-License-Identifier: Apache-2.0
#include "app/serve_flags.hpp"

#include <algorithm>
#include <array>

namespace ridgepoint::app {
namespace {

using report::Engine;

struct Row {
  std::string_view engines;  ///< v(LLM), s(GLang), t(ensorRT-LLM)
  std::string_view flags;    ///< parted by commas
  FlagMeaning meaning;
};

// Sources: vLLM 0.21 (2026-05), vllm/engine/arg_utils.py; SGLang 0.5,
// docs/advanced_features/server_arguments.md; TensorRT-LLM 1.3, tensorrt_llm/commands/serve.py.
constexpr std::array kRows{
    Row{"vs", "model,model-path", {Meaning::model}},
    Row{"vst", "tensor-parallel-size,tp-size,tp", {Meaning::option, "--tensor-parallel-size"}},
    Row{"vst", "pipeline-parallel-size,pp-size,pp", {Meaning::option, "--pipeline-parallel-size"}},
    Row{"vs", "data-parallel-size,dp-size,dp", {Meaning::option, "--data-parallel-size"}},
    Row{"st",
        "expert-parallel-size,moe-expert-parallel-size,ep-size,ep",
        {Meaning::option, "--expert-parallel-size"}},
    Row{"v", "enable-expert-parallel,ep", {Meaning::on, "--enable-expert-parallel", false}},
    Row{"v", "enforce-eager", {Meaning::on, "--enforce-eager", false}},
    Row{"s", "disable-cuda-graph", {Meaning::on, "--enforce-eager", false}},
    Row{"s", "enable-dp-attention", {Meaning::attention_dp, {}, false}},
    Row{"t", "enable-attention-dp", {Meaning::attention_dp, {}, false}},
    Row{"v", "max-model-len", {Meaning::option, "--max-model-len"}},
    Row{"s", "context-length", {Meaning::option, "--max-model-len"}},
    Row{"t", "max-seq-len", {Meaning::option, "--max-model-len"}},
    Row{"v", "max-num-seqs", {Meaning::option, "--max-num-seqs"}},
    Row{"s", "max-running-requests", {Meaning::option, "--max-num-seqs"}},
    Row{"t", "max-batch-size", {Meaning::option, "--max-num-seqs"}},
    Row{"v", "max-num-batched-tokens", {Meaning::option, "--max-num-batched-tokens"}},
    Row{"s", "chunked-prefill-size", {Meaning::option, "--max-num-batched-tokens"}},
    Row{"t", "max-num-tokens", {Meaning::option, "--max-num-batched-tokens"}},
    Row{"v", "gpu-memory-utilization", {Meaning::option, "--gpu-memory-utilization"}},
    Row{"s", "mem-fraction-static", {Meaning::memory_fraction}},
    Row{"t",
        "free-gpu-memory-fraction,kv-cache-free-gpu-memory-fraction",
        {Meaning::memory_fraction}},
    Row{"v", "block-size", {Meaning::option, "--block-size"}},
    Row{"s", "page-size", {Meaning::option, "--block-size"}},
    Row{"vst", "kv-cache-dtype", {Meaning::kv_cache}},
    Row{"vs", "quantization,q", {Meaning::weights}},
    Row{"vs", "dtype", {Meaning::activations}},
    Row{"v", "hf-overrides", {Meaning::config_changes}},
    Row{"s", "json-model-override-args", {Meaning::config_changes}},
    Row{"v", "speculative-config,sc", {Meaning::speculation}},
    Row{"v", "compilation-config,cc,O", {Meaning::compilation}},
    Row{"v", "num-speculative-tokens", {Meaning::option, "--num-speculative-tokens"}},
    Row{"v", "speculative-model", {Meaning::option, "--draft"}},
    Row{"s", "speculative-num-steps", {Meaning::option, "--num-speculative-tokens"}},
};

/// Known, and no part of a cost as it is counted here.
constexpr std::string_view kIgnoredSwitches =
    "trust-remote-code,enable-prefix-caching,enable-chunked-prefill,"
    "disable-log-requests,enable-log-requests,disable-log-stats,disable-uvicorn-access-log,"
    "enable-auto-tool-choice,async-scheduling,enable-reasoning,headless,"
    "enable-prompt-tokens-details,enable-server-load-tracking,enable-force-include-usage,"
    "disable-custom-all-reduce,use-v2-block-manager,skip-tokenizer-init,disable-radix-cache,"
    "disable-cuda-graph-padding,enable-torch-compile,enable-metrics,"
    "enable-mixed-chunk,log-requests,skip-server-warmup,enable-cache-report,enable-p2p-check,"
    "disable-overlap-schedule,enable-multimodal,grpc-mode,return-tokens-as-token-ids,"
    "enable-request-id-headers,disable-fastapi-docs,enable-ssl-refresh,enable-sleep-mode,"
    "data-parallel-hybrid-lb,data-parallel-external-lb,hybrid-lb,dph,external-lb,dpe,"
    "data-parallel-start-rank,fail-fast-on-attention-window-too-large,enable-flashinfer-allreduce-"
    "fusion,enable-nccl-nvls,enable-symm-mem,enable-metrics-for-all-schedulers,disable-log-request";
constexpr std::string_view kIgnoredValues =
    "host,port,uds,api-key,admin-api-key,tokenizer,tokenizer-path,tokenizer-mode,"
    "tokenizer-revision,tokenizer-worker-num,revision,code-revision,download-dir,load-format,"
    "config-format,model-loader-extra-config,seed,random-seed,chat-template,"
    "chat-template-content-format,reasoning-parser,tool-call-parser,tool-parser,"
    "tool-parser-plugin,response-role,generation-config,override-generation-config,"
    "max-logprobs,swap-space,max-seq-len-to-capture,distributed-executor-backend,"
    "attention-backend,prefill-attention-backend,decode-attention-backend,sampling-backend,"
    "optimization-level,cudagraph-capture-sizes,"
    "max-cudagraph-capture-size,cuda-graph-max-bs,scheduling-policy,schedule-policy,"
    "schedule-conservativeness,guided-decoding-backend,structured-outputs-config,"
    "grammar-backend,model-impl,runner,convert,task,uvicorn-log-level,log-level,log-level-http,"
    "ssl-keyfile,ssl-certfile,ssl-ca-certs,root-path,api-server-count,asc,device,"
    "nnodes,node-rank,n,r,master-addr,master-port,dist-init-addr,nccl-init-addr,nccl-port,"
    "data-parallel-rank,dpn,data-parallel-size-local,dpl,data-parallel-address,dpa,"
    "data-parallel-rpc-port,dpp,data-parallel-backend,dpb,max-parallel-loading-workers,"
    "mm-processor-cache-gb,mm-processor-kwargs,limit-mm-per-prompt,media-io-kwargs,"
    "allowed-local-media-path,hf-token,hf-config-path,stream-interval,watchdog-timeout,"
    "base-gpu-id,gpu-id-step,load-balance-method,moe-runner-backend,moe-a2a-backend,"
    "all2all-backend,deepep-mode,deepep-config,max-prefill-tokens,prefill-max-requests,"
    "max-queued-requests,backend,num-postprocess-workers,gpus-per-node,custom-tokenizer,"
    "otlp-traces-endpoint,kv-events-config,collect-detailed-traces,max-log-len,"
    "max-num-partial-prefills,max-long-partial-prefills,long-prefill-token-threshold,"
    "radix-eviction-policy,prefix-caching-hash-algo,weight-version,default-chat-template-kwargs,"
    "quantization-param-path,rope-scaling,rope-theta,original-max-position-embeddings,"
    "mm-encoder-tp-mode,renderer-num-workers,dist-timeout,crash-dump-folder,sampling-defaults";
constexpr std::string_view kIgnoredLists =
    "served-model-name,middleware,allowed-origins,allowed-methods,"
    "allowed-headers,cuda-graph-bs,ignore-patterns";

/// Known, and part of a cost that is not counted.
constexpr std::string_view kUncountedSwitches =
    "enable-lora,fully-sharded-loras,enable-eplb,enable-dbo,enable-two-batch-overlap,"
    "enable-single-batch-overlap,enable-hierarchical-cache,enable-lmcache,enable-fp32-lm-head,"
    "enable-multi-layer-eagle,enable-sequence-parallel,enable-elastic-ep";
constexpr std::string_view kUncountedValues =
    "config,extra-llm-api-options,cpu-offload-gb,offload-group-size,kv-offloading-size,"
    "kv-offloading-backend,kv-transfer-config,num-gpu-blocks-override,kv-cache-memory-bytes,"
    "kv-cache-memory,max-total-tokens,max-lora-rank,max-loras,max-cpu-loras,max-loras-per-batch,"
    "decode-context-parallel-size,dcp,prefill-context-parallel-size,pcp,context-parallel-size,"
    "cp-size,attention-context-parallel-size,attn-cp-size,moe-data-parallel-size,moe-dp-size,"
    "moe-dense-tp-size,moe-cluster-parallel-size,cluster-size,max-beam-width,eplb-config,"
    "ep-num-redundant-experts,num-redundant-experts,disaggregation-mode,server-role,"
    "speculative-algorithm,speculative-draft-model-path,speculative-num-draft-tokens,"
    "speculative-eagle-topk,hicache-ratio,hicache-size,mamba-ssm-dtype,mamba-ssm-cache-dtype,"
    "mamba-cache-dtype,max-mamba-cache-size,mamba-full-memory-ratio,swa-full-tokens-ratio,"
    "kt-num-gpu-experts,additional-config,modelopt-quant,data-parallel-hybrid-size";
constexpr std::string_view kUncountedLists = "lora-modules,lora-paths,lora-target-modules";

bool lists(std::string_view names, std::string_view wanted) {
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    if (names.substr(0, comma) == wanted) return true;
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return false;
}

char letter(Engine engine) {
  constexpr std::string_view kLetters = "vst";
  return kLetters[static_cast<std::size_t>(engine)];
}

/// How engines call their switches.
bool is_switch_by_name(std::string_view flag) {
  constexpr std::array<std::string_view, 5> kBeginnings{"enable-", "disable-", "no-", "use-",
                                                        "skip-"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](std::string_view begin) { return flag.starts_with(begin); });
}

}  // namespace

FlagMeaning flag_meaning(Engine engine, std::string_view flag) {
  for (const Row& row : kRows) {
    if (row.engines.find(letter(engine)) != std::string_view::npos && lists(row.flags, flag)) {
      return row.meaning;
    }
  }
  if (lists(kIgnoredSwitches, flag)) return {Meaning::nothing, {}, false};
  if (lists(kIgnoredValues, flag)) return {Meaning::nothing};
  if (lists(kIgnoredLists, flag)) return {Meaning::nothing, {}, true, true};
  if (lists(kUncountedSwitches, flag)) return {Meaning::not_counted, {}, false};
  if (lists(kUncountedValues, flag)) return {Meaning::not_counted};
  if (lists(kUncountedLists, flag)) return {Meaning::not_counted, {}, true, true};
  // "--no-enable-prefix-caching": as little a cost as what it turns off.
  if (flag.starts_with("no-") && flag_meaning(engine, flag.substr(3)).meaning != Meaning::unknown) {
    return {Meaning::nothing, {}, false};
  }
  return {Meaning::unknown, {}, !is_switch_by_name(flag)};
}

std::string bare_flag(std::string_view word) {
  const std::size_t first = std::min(word.find_first_not_of('-'), word.size());
  std::string bare(word.substr(first));
  std::replace(bare.begin(), bare.end(), '_', '-');
  return bare;
}

}  // namespace ridgepoint::app
