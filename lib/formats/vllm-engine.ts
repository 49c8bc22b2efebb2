// vLLM rules: the engine begins, and what it calls "init engine" is over.

import type { Rule } from './contract.ts';
import { tellEngineConfig } from './vllm-facts.ts';
import { FRONT, vllm } from './vllm-printed.ts';

export const engineRules: readonly Rule[] = [
  {
    // V0 runs in the process that read the arguments, so this also ends the configuration. It never compiles.
    id: 'vllm.engine_v0',
    printed: vllm('engine/llm_engine.py', '0.3.0', '0.10.2'),
    files: ['llm_engine.py'],
    literal: 'Initializing a',
    pattern: /^Initializing an? (?:V0 )?LLM engine (?:\(v(?<version>[^\s)]{1,80})\) )?with config: /,
    example:
      "INFO 05-04 14:43:16 llm_engine.py:98] Initializing an LLM engine (v0.4.1) with config: model='/srv/models/tiny', speculative_config=None, load_format=auto, tensor_parallel_size=1, enforce_eager=False, device_config=cuda, seed=0)",
    marks: [
      { kind: 'ended', phase: 'model_config' },
      { kind: 'ended', phase: 'engine_boot' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
      { kind: 'fact', name: 'engine', value: 'V0' },
      { kind: 'absent', phase: 'torch_compile', why: 'V0 engine' },
    ],
    tell: tellEngineConfig,
  },
  {
    id: 'vllm.engine_v1',
    printed: vllm('v1/engine/core.py', '0.6.4'),
    files: ['core.py'],
    literal: 'Initializing a',
    pattern: /^Initializing an? (?:V1 )?LLM engine \(v(?<version>[^\s)]{1,80})\) (?:with config: |\.\.\.$)/,
    example:
      "(EngineCore pid=1477) INFO 11-22 02:21:38 [core.py:133] Initializing a V1 LLM engine (v0.32.0) with config: model='/srv/models/tiny', speculative_config=None, max_seq_len=2048, load_format=auto, tensor_parallel_size=1, enforce_eager=False, device_config=cpu, served_model_name=/srv/models/tiny",
    marks: [
      { kind: 'ended', phase: 'model_config', by: FRONT },
      { kind: 'ended', phase: 'engine_boot' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
      { kind: 'fact', name: 'engine', value: 'V1' },
    ],
    tell: tellEngineConfig,
  },
  {
    id: 'vllm.mq_engine',
    printed: vllm('entrypoints/openai/api_server.py', '0.5.5', '0.10.2'),
    files: ['api_server.py'],
    literal: 'Started engine process with PID ',
    pattern: /^Started engine process with PID \d{1,10}$/,
    example: 'INFO 05-12 02:45:20 [api_server.py:246] Started engine process with PID 97',
    marks: [
      { kind: 'ended', phase: 'model_config' },
      { kind: 'began', phase: 'engine_boot' },
    ],
  },
  {
    // The engine core has been spawned and has imported vLLM. DEBUG since 0.11.1.
    id: 'vllm.core_waiting',
    printed: vllm('v1/engine/core.py', '0.9.0'),
    files: ['core.py'],
    literal: 'Waiting for init message from front-end.',
    pattern: /^Waiting for init message from front-end\.$/,
    example:
      '(EngineCore_DP0 pid=1477) INFO 09-19 13:40:20 [core.py:644] Waiting for init message from front-end.',
    marks: [{ kind: 'during', phase: 'engine_boot' }],
  },
  {
    // A core that runs its workers as processes of their own spawns them now.
    id: 'vllm.dp_group_leader',
    printed: vllm('v1/executor/multiproc_executor.py', '0.17'),
    files: ['multiproc_executor.py'],
    literal: 'DP group leader: ',
    pattern: /^DP group leader: node_rank=\d{1,6}, /,
    example:
      '(EngineCore pid=1477) INFO 11-22 02:21:38 [multiproc_executor.py:153] DP group leader: node_rank=0, node_rank_within_dp=0, master_addr=127.0.0.1, mq_connect_ip=192.0.2.2 (local), world_size=1, local_world_size=1',
    marks: [{ kind: 'during', phase: 'engine_boot' }],
  },
  {
    id: 'vllm.runner_v2',
    printed: vllm('v1/worker/gpu_worker.py', '0.16'),
    files: ['gpu_worker.py', 'cpu_worker.py'],
    literal: 'Using V2 Model Runner',
    pattern: /^Using V2 Model Runner$/,
    example: '(EngineCore pid=7) INFO 11-20 10:00:20 [gpu_worker.py:150] Using V2 Model Runner',
    marks: [{ kind: 'fact', name: 'model_runner', value: 'V2' }],
  },
  {
    // ≥ 0.20 adds the share of compilation, with an em dash in front of its parts.
    id: 'vllm.init_engine',
    printed: vllm('v1/engine/core.py', '0.6.5'),
    files: ['core.py', 'llm_engine.py'],
    literal: 'init engine (profile, create kv cache, warmup model) took ',
    pattern:
      /^init engine \(profile, create kv cache, warmup model\) took (?<took>\d{1,9}(?:\.\d{1,6})?) s(?:econds)?(?: \(compilation: (?<compilation>\d{1,9}(?:\.\d{1,6})?) s(?: \S language_model: (?<language>\d{1,9}(?:\.\d{1,6})?) s, encoder: (?<encoder>\d{1,9}(?:\.\d{1,6})?) s)?\))?$/,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:56 [core.py:306] init engine (profile, create kv cache, warmup model) took 39.05 s (compilation: 18.97 s)',
    marks: [
      { kind: 'lasted', phase: 'engine_init', group: 'took', whole: true },
      { kind: 'fact', name: 'compilation_seconds', group: 'compilation', as: 'number', phase: 'engine_init' },
      {
        kind: 'fact',
        name: 'compilation_language_model_seconds',
        group: 'language',
        as: 'number',
        phase: 'engine_init',
      },
      {
        kind: 'fact',
        name: 'compilation_encoder_seconds',
        group: 'encoder',
        as: 'number',
        phase: 'engine_init',
      },
    ],
  },
];
