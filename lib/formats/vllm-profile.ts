// vLLM rules: the profile run and the KV cache.

import type { Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

const WORKERS = [
  'gpu_worker.py',
  'worker.py',
  'worker_v1.py',
  'cpu_worker.py',
  'xpu_worker.py',
  'hpu_worker.py',
  'tpu_worker.py',
  'npu_worker.py',
];

/** V0's executors; kv_cache_utils.py since V1. */
const EXECUTORS = [
  'kv_cache_utils.py',
  'executor_base.py',
  'gpu_executor.py',
  'distributed_gpu_executor.py',
  'cpu_executor.py',
  'hpu_executor.py',
  'xpu_executor.py',
  'tpu_executor.py',
  'neuron_executor.py',
  'openvino_executor.py',
  'multiproc_executor.py',
  'uniproc_executor.py',
  'ray_executor.py',
  'ray_gpu_executor.py',
  'ray_hpu_executor.py',
  'ray_xpu_executor.py',
  'llm_engine.py',
];

export const profileRules: readonly Rule[] = [
  {
    id: 'vllm.encoder_budget',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.7.0'),
    files: [
      'gpu_model_runner.py',
      'model_runner.py',
      'hpu_model_runner.py',
      'tpu_model_runner.py',
      'model_runner_v1.py',
    ],
    literal: 'Encoder cache will be initialized with a budget of ',
    pattern: /^Encoder cache will be initialized with a budget of \d{1,12} tokens, and profiled with /,
    example:
      '(EngineCore_DP0 pid=7) INFO 09-19 13:40:40 [gpu_model_runner.py:2610] Encoder cache will be initialized with a budget of 16384 tokens, and profiled with 1 image items of the maximum feature size.',
    marks: [{ kind: 'began', phase: 'memory_profiling' }],
  },
  {
    // V0 (its message goes on for two lines); V1 at DEBUG with a sentence behind it.
    id: 'vllm.profiled_v0',
    printed: vllm('worker/worker.py', '0.6.5'),
    files: WORKERS,
    literal: 'Memory profiling takes ',
    pattern: /^Memory profiling takes (?<took>\d{1,9}(?:\.\d{1,9})?) seconds(?:$|\. )/,
    example: 'INFO 04-14 08:39:30 worker.py:267] Memory profiling takes 6.63 seconds',
    marks: [{ kind: 'lasted', phase: 'memory_profiling', group: 'took', whole: true }],
  },
  {
    // Its third line: same moment.
    id: 'vllm.profiled_v0_weights',
    printed: vllm('worker/worker.py', '0.6.5', '0.10.2'),
    files: WORKERS,
    literal: 'model weights take ',
    pattern:
      /^model weights take (?<weights>\d{1,6}(?:\.\d{1,6})?)GiB; non_torch_memory takes -?[\d.]{1,12}GiB; PyTorch activation peak memory takes [\d.]{1,12}GiB; the rest of the memory reserved for KV Cache is (?<kv>-?\d{1,6}(?:\.\d{1,6})?)GiB\.$/,
    example:
      'INFO 04-14 08:39:30 worker.py:267] model weights take 14.19GiB; non_torch_memory takes 0.21GiB; PyTorch activation peak memory takes 1.40GiB; the rest of the memory reserved for KV Cache is 5.50GiB.',
    marks: [
      { kind: 'ended', phase: 'memory_profiling' },
      { kind: 'fact', name: 'kv_cache_gib', group: 'kv', as: 'number', phase: 'kv_cache_allocation' },
    ],
  },
  {
    id: 'vllm.profiled_064',
    printed: vllm('worker/worker.py', '0.6.4', '0.6.4'),
    files: WORKERS,
    literal: 'Memory profiling results: ',
    pattern: /^Memory profiling results: total_gpu_memory=[\d.]{1,12}GiB /,
    example:
      'INFO 11-20 10:00:30 worker.py:232] Memory profiling results: total_gpu_memory=79.14GiB initial_memory_usage=15.47GiB peak_torch_memory=16.19GiB memory_usage_post_profile=15.61GiB non_torch_memory=0.61GiB kv_cache_size=54.42GiB gpu_memory_utilization=0.90',
    marks: [{ kind: 'ended', phase: 'memory_profiling' }],
  },
  {
    id: 'vllm.profiled_hpu_run',
    printed: { program: 'vllm-gaudi', file: 'worker/hpu_worker.py', from: '0.6.3' },
    files: WORKERS,
    literal: 'Model profiling run took ',
    pattern: /^Model profiling run took -?[\d.]{1,20} (?:B|[KMG]i?B) of device memory /,
    example:
      'INFO 04-30 05:58:53 [hpu_worker.py:170] Model profiling run took 0 B of device memory (15.12 GiB/94.62 GiB used) and 0 B of host memory (90.7 GiB/1007 GiB used)',
    marks: [{ kind: 'ended', phase: 'memory_profiling' }],
  },
  {
    id: 'vllm.profiled_hpu',
    printed: { program: 'vllm-gaudi', file: 'worker/hpu_worker.py', from: '0.6.3' },
    files: WORKERS,
    literal: 'Free device memory: ',
    pattern: /^Free device memory: [\d.]{1,12} GiB, [\d.]{1,12} GiB usable \(gpu_memory_utilization=/,
    example:
      'INFO 04-30 05:58:53 [hpu_worker.py:191] Free device memory: 79.51 GiB, 63.61 GiB usable (gpu_memory_utilization=0.8), 6.361 GiB reserved for HPUGraphs (VLLM_GRAPH_RESERVED_MEM=0.1), 57.25 GiB reserved for KV cache',
    marks: [{ kind: 'ended', phase: 'memory_profiling' }],
  },
  {
    // A trial capture inside profiling: not yet the capture.
    id: 'vllm.profiling_graphs',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.18'),
    files: ['gpu_model_runner.py', 'model_runner.py'],
    literal: 'Profiling CUDA graph memory: ',
    pattern: /^Profiling CUDA graph memory: /,
    example:
      '(EngineCore pid=7) INFO 04-17 01:56:00 [gpu_model_runner.py:5876] Profiling CUDA graph memory: PIECEWISE=51 (largest=512), FULL=35 (largest=256)',
    marks: [{ kind: 'during', phase: 'memory_profiling' }],
  },
  {
    id: 'vllm.profiled_graphs',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.18'),
    files: ['gpu_model_runner.py', 'model_runner.py'],
    literal: 'Estimated CUDA graph memory: ',
    pattern: /^Estimated CUDA graph memory: (?<size>-?\d{1,6}(?:\.\d{1,6})?) GiB total$/,
    example:
      '(EngineCore pid=7) INFO 04-17 01:56:03 [gpu_model_runner.py:5955] Estimated CUDA graph memory: 0.98 GiB total',
    marks: [
      { kind: 'during', phase: 'memory_profiling' },
      {
        kind: 'fact',
        name: 'cuda_graph_estimated_gib',
        group: 'size',
        as: 'number',
        phase: 'memory_profiling',
      },
    ],
  },
  {
    id: 'vllm.kv_memory',
    printed: vllm('v1/worker/gpu_worker.py', '0.9.1'),
    files: WORKERS,
    literal: 'Available KV cache memory: ',
    pattern: /^Available KV cache memory: (?<size>-?\d{1,9}(?:\.\d{1,6})?) GiB(?: \(process-scoped\))?$/,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:50 [gpu_worker.py:480] Available KV cache memory: 11.54 GiB',
    marks: [
      { kind: 'ended', phase: 'memory_profiling' },
      { kind: 'fact', name: 'kv_cache_gib', group: 'size', as: 'number', phase: 'kv_cache_allocation' },
    ],
  },
  {
    // With --kv-cache-memory-bytes, in place of the line above.
    id: 'vllm.kv_memory_given',
    printed: vllm('v1/worker/gpu_worker.py', '0.10.2'),
    files: WORKERS,
    literal: 'Initial free memory ',
    pattern:
      /^Initial free memory [\d.]{1,12} GiB, reserved (?<size>[\d.]{1,12}) GiB memory for KV Cache as specified by kv_cache_memory_bytes config and skipped memory profiling\./,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:50 [gpu_worker.py:470] Initial free memory 78.72 GiB, reserved 10.00 GiB memory for KV Cache as specified by kv_cache_memory_bytes config and skipped memory profiling. This does not respect the gpu_memory_utilization config.',
    marks: [
      { kind: 'ended', phase: 'memory_profiling' },
      { kind: 'fact', name: 'kv_cache_gib', group: 'size', as: 'number', phase: 'kv_cache_allocation' },
    ],
  },
  {
    // CPU, in place of it.
    id: 'vllm.kv_memory_cpu',
    printed: vllm('v1/worker/cpu_worker.py', '0.32'),
    files: ['cpu_worker.py'],
    literal: 'Explicitly set (',
    pattern: /^Explicitly set \((?<size>[\d.]{1,12})\/[\d.]{1,12}\) GiB for KV cache on node \d{1,4}\.$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:22:26 [cpu_worker.py:260] Explicitly set (1.0/23.59) GiB for KV cache on node 0.',
    marks: [
      { kind: 'fact', name: 'kv_cache_gib', group: 'size', as: 'number', phase: 'kv_cache_allocation' },
    ],
  },
  {
    id: 'vllm.startup_plan',
    printed: vllm('v1/worker/startup_plan.py', '0.26'),
    files: ['startup_plan.py'],
    literal: 'Applying persisted startup plan (fingerprint ',
    pattern: /^Applying persisted startup plan \(fingerprint [^)]{1,200}\): kv_cache_memory_bytes=\d{1,20}/,
    example:
      '(EngineCore pid=7) INFO 11-20 10:00:50 [startup_plan.py:180] Applying persisted startup plan (fingerprint 1a2b3c): kv_cache_memory_bytes=42949672960. Memory profiling will be skipped.',
    marks: [{ kind: 'fact', name: 'startup_plan', value: 'applied', phase: 'memory_profiling' }],
  },
  {
    // V0 and the first V1: `# GPU blocks: 2048, # CPU blocks: 512`, `# cuda blocks`, `# rocm blocks`, `# CPU blocks: 512`.
    id: 'vllm.kv_blocks',
    printed: vllm('executor/executor_base.py', '0.3.0', '0.11.0'),
    files: EXECUTORS,
    literal: '# ',
    pattern: /^# \w{1,12} blocks: (?<blocks>\d{1,12})(?:, # CPU blocks: \d{1,12})?$/,
    example: 'INFO 05-04 14:43:26 gpu_executor.py:94] # GPU blocks: 2399, # CPU blocks: 2048',
    marks: [
      { kind: 'ended', phase: 'kv_cache_allocation' },
      { kind: 'fact', name: 'kv_cache_blocks', group: 'blocks', as: 'number', phase: 'kv_cache_allocation' },
    ],
  },
  ...kvSizeRules(),
  {
    id: 'vllm.concurrency',
    printed: vllm('v1/core/kv_cache_utils.py', '0.6.3', '0.27'),
    files: EXECUTORS,
    literal: 'Maximum concurrency for ',
    pattern:
      /^Maximum concurrency for (?<length>[\d,]{1,20}) tokens per request: (?<concurrency>[\d.]{1,20})x$/,
    example:
      'INFO 05-12 02:45:59 [kv_cache_utils.py:637] Maximum concurrency for 32,768 tokens per request: 1.00x',
    marks: [
      { kind: 'ended', phase: 'kv_cache_allocation' },
      {
        kind: 'fact',
        name: 'max_concurrency',
        group: 'concurrency',
        as: 'number',
        phase: 'kv_cache_allocation',
      },
    ],
  },
  {
    id: 'vllm.fitted_length',
    printed: vllm('v1/core/kv_cache_utils.py', '0.14'),
    files: ['kv_cache_utils.py'],
    literal: 'Auto-fit max_model_len: reduced from ',
    pattern: /^Auto-fit max_model_len: reduced from \d{1,12} to (?<length>\d{1,12}) to fit /,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:50 [kv_cache_utils.py:1500] Auto-fit max_model_len: reduced from 131072 to 65536 to fit in available GPU memory (11.54 GiB available for KV cache)',
    marks: [{ kind: 'fact', name: 'max_model_len', group: 'length', as: 'number' }],
  },
];

/** One line per worker up to 0.10.2; with the concurrency behind it since 0.28; other devices than GPU are named since 0.30. */
function kvSizeRules(): readonly Rule[] {
  const devices: readonly (readonly [device: string, from: string])[] = [
    ['GPU', '0.8.0'],
    ['CPU', '0.30'],
    ['XPU', '0.30'],
    ['TPU', '0.30'],
    ['HPU', '0.30'],
    ['NPU', '0.30'],
  ];
  return devices.map(([device, from]) => ({
    id: `vllm.kv_size_${device.toLowerCase()}`,
    printed: vllm('v1/core/kv_cache_utils.py', from),
    files: EXECUTORS,
    literal: `${device} KV cache size: `,
    pattern: new RegExp(
      `^${device} KV cache size: (?<tokens>[\\d,]{1,20}) tokens(?:, Maximum concurrency for [\\d,]{1,20} tokens per request: (?<concurrency>[\\d.]{1,20})x)?$`,
    ),
    example: `(EngineCore pid=1477) INFO 11-22 02:22:26 [kv_cache_utils.py:2327] ${device} KV cache size: 262,144 tokens, Maximum concurrency for 2,048 tokens per request: 128.00x`,
    marks: [
      { kind: 'ended', phase: 'kv_cache_allocation' },
      { kind: 'fact', name: 'kv_cache_tokens', group: 'tokens', as: 'number', phase: 'kv_cache_allocation' },
      {
        kind: 'fact',
        name: 'max_concurrency',
        group: 'concurrency',
        as: 'number',
        phase: 'kv_cache_allocation',
      },
    ],
  }));
}
