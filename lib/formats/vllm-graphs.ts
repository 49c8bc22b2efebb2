// vLLM rules: CUDA graph capture.
//
// The printed seconds are whole ones, and "took 0.25 GiB" is memory, which may
// be negative. MRv1 since 0.18 captures once more for a trial during profiling,
// with lines of its own; MRv2 since 0.29 prints the finished line for that too.

import type { MarkSpec, Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

const RUNNERS = [
  'model_runner.py',
  'gpu_model_runner.py',
  'model_runner_v1.py',
  'npu_model_runner.py',
  'xpu_model_runner.py',
  'enc_dec_model_runner.py',
];

const BEGAN: readonly MarkSpec[] = [{ kind: 'began', phase: 'cuda_graph_capture' }];

export const graphRules: readonly Rule[] = [
  {
    id: 'vllm.capture_began_v0',
    printed: vllm('worker/model_runner.py', '0.3.0', '0.6.3'),
    files: RUNNERS,
    literal: 'Capturing the model for CUDA graphs. ',
    pattern: /^Capturing the model for CUDA graphs\. /,
    example:
      "INFO 05-04 14:43:27 model_runner.py:976] Capturing the model for CUDA graphs. This may lead to unexpected consequences if the model is not static. To run the model in eager mode, set 'enforce_eager=True' or use '--enforce-eager' in the CLI.",
    marks: BEGAN,
  },
  {
    id: 'vllm.capture_began_decoding',
    printed: vllm('worker/model_runner.py', '0.6.4', '0.10.2'),
    files: RUNNERS,
    literal: 'Capturing cudagraphs for decoding. ',
    pattern: /^Capturing cudagraphs for decoding\. /,
    example:
      "INFO 04-14 08:39:32 model_runner.py:1430] Capturing cudagraphs for decoding. This may lead to unexpected consequences if the model is not static. To run the model in eager mode, set 'enforce_eager=True' or use '--enforce-eager' in the CLI.",
    marks: BEGAN,
  },
  {
    id: 'vllm.captured',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.3.0'),
    files: RUNNERS,
    literal: 'Graph capturing finished in ',
    pattern:
      /^Graph capturing finished in (?<took>\d{1,9}) secs(?:\.|, took (?<size>-?\d{1,6}(?:\.\d{1,6})?) GiB)$/,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:55 [gpu_model_runner.py:5900] Graph capturing finished in 4 secs, took -0.41 GiB',
    marks: [
      { kind: 'lasted', phase: 'cuda_graph_capture', group: 'took', whole: true },
      { kind: 'fact', name: 'cuda_graph_gib', group: 'size', as: 'number', phase: 'cuda_graph_capture' },
    ],
  },
  {
    id: 'vllm.capture_skipped',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.6.4'),
    files: RUNNERS,
    literal: 'Skipping ',
    pattern: /^Skipping (?:encoder and decoder )?CUDA graph capture\b/,
    example:
      '(EngineCore_DP0 pid=7) WARNING 09-19 13:40:50 [gpu_model_runner.py:3400] Skipping CUDA graph capture. To turn on CUDA graph capture, ensure `cudagraph_mode` was not manually set to `NONE`',
    marks: [{ kind: 'absent', phase: 'cuda_graph_capture', why: 'skipped by vLLM' }],
  },
  {
    id: 'vllm.capture_of_speculator',
    printed: vllm('v1/worker/gpu/spec_decode', '0.12'),
    files: ['speculator.py', 'eagle.py', 'cudagraph.py', 'autoregressive.py'],
    literal: 'Capturing model for ',
    pattern: /^Capturing model for (?:[\w -]{1,60} )?speculator\.\.\.$/,
    example: '(EngineCore pid=7) INFO 11-20 10:00:55 [speculator.py:400] Capturing model for speculator...',
    marks: [{ kind: 'during', phase: 'cuda_graph_capture' }],
  },
  {
    id: 'vllm.encoder_captured',
    printed: vllm('v1/worker/encoder_cudagraph.py', '0.19'),
    files: ['encoder_cudagraph.py'],
    literal: 'Encoder CUDA graph capture complete. Captured ',
    pattern: /^Encoder CUDA graph capture complete\. Captured \d{1,9} /,
    example:
      '(EngineCore pid=7) INFO 11-20 10:00:57 [encoder_cudagraph.py:300] Encoder CUDA graph capture complete. Captured 12 graphs across 2 paths.',
    marks: [{ kind: 'ended', phase: 'cuda_graph_capture' }],
  },
  {
    id: 'vllm.graph_pool',
    printed: vllm('v1/worker/gpu_worker.py', '0.18'),
    files: ['gpu_worker.py'],
    literal: 'CUDA graph pool memory: ',
    pattern: /^CUDA graph pool memory: (?<size>-?\d{1,6}(?:\.\d{1,6})?) GiB \(actual\), /,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:55 [gpu_worker.py:600] CUDA graph pool memory: 0.58 GiB (actual), 0.98 GiB (estimated), difference: 0.4 GiB (40.8%).',
    marks: [
      { kind: 'fact', name: 'cuda_graph_pool_gib', group: 'size', as: 'number', phase: 'cuda_graph_capture' },
    ],
  },
  {
    // One line with many carriage returns; `shapes`, `(decode, FULL)`, `(PIECEWISE)` by version. Its trial twin looks the same.
    id: 'vllm.bar_capture',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.6.6'),
    files: [],
    literal: 'Capturing ',
    pattern:
      /^Capturing (?:prefill )?(?:CUDA|encoder CUDA|ACL) graph(?:s| shapes)?(?: \([\w ,-]{1,60}\))?: {1,4}\d{1,3}%\|/,
    example:
      '(EngineCore pid=7) Capturing CUDA graphs (decode, FULL): 100%|██████████| 35/35 [00:01<00:00, 33.9it/s]',
    marks: [{ kind: 'during', phase: 'cuda_graph_capture' }],
  },
];
