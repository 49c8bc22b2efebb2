// vLLM rules: the model's and the engine's configuration.
//
// Engine cores and further API servers print these lines again, some of them
// after the engine is ready, so only the front end's end the phase.

import type { Rule } from './contract.ts';
import { FRONT, NAMED_FRONT, vllm, WORKER } from './vllm-printed.ts';

/** config.py became a package in 0.10.1: __init__.py, then one file per class. */
const CONFIG = [
  'config.py',
  '__init__.py',
  'model.py',
  'vllm.py',
  'scheduler.py',
  'arg_utils.py',
  'compilation.py',
  'parallel.py',
];

const CONFIGURED = [{ kind: 'ended', phase: 'model_config', by: FRONT }] as const;

const EAGER = [
  { kind: 'absent', phase: 'torch_compile', why: 'eager mode' },
  { kind: 'absent', phase: 'cuda_graph_capture', why: 'eager mode' },
  { kind: 'fact', name: 'enforce_eager', value: true },
] as const;

export const configRules: readonly Rule[] = [
  {
    id: 'vllm.architecture',
    printed: vllm('config/model.py', '0.10.1'),
    files: CONFIG,
    loggers: ['config'],
    literal: 'Resolved architecture: ',
    pattern: /^Resolved architecture: (?<architecture>[\w.]{1,200})$/,
    example:
      '(APIServer pid=1425) INFO 11-22 02:21:29 [model.py:733] Resolved architecture: LlamaForCausalLM',
    marks: [...CONFIGURED, { kind: 'fact', name: 'architecture', group: 'architecture' }],
  },
  {
    id: 'vllm.max_model_len',
    printed: vllm('config/model.py', '0.9.2'),
    files: CONFIG,
    loggers: ['config'],
    literal: 'Using max model len ',
    pattern: /^Using max model len (?<length>\d{1,12})$/,
    example: '(APIServer pid=1425) INFO 11-22 02:21:29 [model.py:2152] Using max model len 2048',
    marks: [...CONFIGURED, { kind: 'fact', name: 'max_model_len', group: 'length', as: 'number' }],
  },
  {
    id: 'vllm.tasks_of_model',
    printed: vllm('config.py', '0.6.4', '0.9.2'),
    files: CONFIG,
    literal: 'This model supports multiple tasks: ',
    pattern: /^This model supports multiple tasks: \{[^{}]{1,400}\}\. Defaulting to '\w{1,40}'\.$/,
    example:
      "INFO 05-12 02:45:22 [config.py:717] This model supports multiple tasks: {'generate', 'score', 'embed', 'classify', 'reward'}. Defaulting to 'generate'.",
    marks: CONFIGURED,
  },
  {
    id: 'vllm.chunked_prefill',
    printed: vllm('config/scheduler.py', '0.5.3'),
    files: CONFIG,
    literal: 'Chunked prefill is enabled with max_num_batched_tokens=',
    pattern: /^Chunked prefill is enabled with max_num_batched_tokens=\d{1,12}\.$/,
    example:
      'INFO 05-12 02:45:22 [config.py:2003] Chunked prefill is enabled with max_num_batched_tokens=2048.',
    marks: CONFIGURED,
  },
  {
    id: 'vllm.distributed_backend',
    printed: vllm('config.py', '0.5.0', '0.9.1'),
    files: CONFIG,
    literal: 'Defaulting to use ',
    pattern: /^Defaulting to use (?<backend>\w{1,40}) for distributed inference\.?$/,
    example: 'INFO 04-14 08:39:08 config.py:1020] Defaulting to use mp for distributed inference',
    marks: [...CONFIGURED, { kind: 'fact', name: 'distributed_backend', group: 'backend' }],
  },
  {
    id: 'vllm.async_scheduling',
    printed: vllm('config/vllm.py', '0.14', '0.26'),
    files: CONFIG,
    literal: 'Asynchronous scheduling is ',
    pattern: /^Asynchronous scheduling is (?:en|dis)abled\.$/,
    example: '(APIServer pid=7) INFO 04-17 01:54:50 [vllm.py:790] Asynchronous scheduling is enabled.',
    marks: CONFIGURED,
  },
  {
    id: 'vllm.custom_fusions',
    printed: vllm('config/compilation.py', '0.19'),
    files: CONFIG,
    literal: 'Enabled custom fusions: ',
    pattern: /^Enabled custom fusions: [\w, ]{1,400}$/,
    example:
      '(APIServer pid=7) INFO 11-22 01:00:40 [compilation.py:311] Enabled custom fusions: norm_quant, act_quant',
    marks: CONFIGURED,
  },
  {
    // By a worker: its first line, so its process has been spawned and has imported vLLM. Without a name it may be a worker's too.
    id: 'vllm.runner_fallback',
    printed: vllm('config/vllm.py', '0.22'),
    files: CONFIG,
    literal: 'Model Runner V2 ',
    pattern: /^Model Runner V2 .{1,400}[;:,.] using the V1 model runner instead\.$/,
    example:
      '(APIServer pid=1425) WARNING 11-22 02:21:29 [vllm.py:725] Model Runner V2 requires Triton; using the V1 model runner instead.',
    marks: [
      { kind: 'ended', phase: 'model_config', by: NAMED_FRONT },
      { kind: 'ended', phase: 'engine_boot', by: WORKER },
    ],
  },
  {
    id: 'vllm.eager',
    printed: vllm('config/vllm.py', '0.17'),
    files: CONFIG,
    literal: 'Enforce eager set, ',
    pattern: /^Enforce eager set, (?:disabling torch\.compile|overriding optimization level to -O0)/,
    example:
      '(APIServer pid=7) WARNING 11-22 01:00:40 [vllm.py:1720] Enforce eager set, disabling torch.compile, CUDAGraphs, and JIT kernel warmup. This is equivalent to setting -cc.mode=none -cc.cudagraph_mode=none and --kernel_config.enable_jit_warmup=False',
    marks: EAGER,
  },
  {
    id: 'vllm.eager_graphs',
    printed: vllm('config/vllm.py', '0.10.1'),
    files: CONFIG,
    loggers: ['config'],
    literal: 'Cudagraph is disabled under eager mode',
    pattern: /^Cudagraph is disabled under eager mode$/,
    example:
      '(APIServer pid=7) INFO 09-19 13:40:05 [__init__.py:2790] Cudagraph is disabled under eager mode',
    marks: [
      { kind: 'absent', phase: 'cuda_graph_capture', why: 'eager mode' },
      { kind: 'fact', name: 'enforce_eager', value: true },
    ],
  },
  {
    // Up to 0.10: the V0 engine and V1 alike.
    id: 'vllm.eager_v0',
    printed: vllm('config.py', '0.5.0', '0.10.0'),
    files: CONFIG,
    literal: 'To see benefits of async output processing, enable CUDA graph.',
    pattern:
      /^To see benefits of async output processing, enable CUDA graph\. Since, enforce-eager is enabled, /,
    example:
      'WARNING 04-14 08:39:08 config.py:690] To see benefits of async output processing, enable CUDA graph. Since, enforce-eager is enabled, async output processor cannot be used',
    marks: [{ kind: 'absent', phase: 'cuda_graph_capture', why: 'eager mode' }],
  },
  {
    id: 'vllm.runai_format',
    printed: vllm('config/vllm.py', '0.11.0'),
    files: CONFIG,
    literal: 'Detected Run:ai model config. ',
    pattern: /^Detected Run:ai model config\. Overriding [`']load_format[`'] to [`'](?<format>\w{1,60})[`']$/,
    example:
      "(APIServer pid=7) INFO 11-22 01:00:40 [vllm.py:900] Detected Run:ai model config. Overriding `load_format` to 'runai_streamer'",
    marks: [{ kind: 'fact', name: 'load_format', group: 'format' }],
  },
];
