// vLLM rules: torch.compile.
//
// Since 0.32 these messages carry a tag (`[backbone] `), which the reader peels
// off. "Using cache directory" and "Dynamo bytecode transform time" both stand
// at the end of Dynamo; a cache path proves no hit.

import type { MarkSpec, Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

const SECONDS = '\\d{1,9}(?:\\.\\d{1,9})?';

/** Of the phase, and of the whole start: what is cold and what is warm is told from it. */
const hit = (value: boolean): readonly MarkSpec[] => [
  { kind: 'fact', name: 'compile.cache_hit', value },
  ofPhase(value),
];

const ofPhase = (value: boolean): MarkSpec => ({
  kind: 'fact',
  name: 'compile.cache_hit',
  value,
  phase: 'torch_compile',
});

export const compileRules: readonly Rule[] = [
  {
    // Not printed for the probe that tries an AOT artifact.
    id: 'vllm.compile_began',
    printed: vllm('compilation/monitor.py', '0.32'),
    files: ['monitor.py'],
    literal: 'Starting torch.compile',
    pattern: /^Starting torch\.compile$/,
    example: '(Worker pid=16927) INFO 11-22 01:28:20 [monitor.py:40] [backbone] Starting torch.compile',
    marks: [{ kind: 'began', phase: 'torch_compile' }],
  },
  {
    id: 'vllm.compile_cache_directory',
    printed: vllm('compilation/backends.py', '0.6.5'),
    files: ['backends.py', 'config.py'],
    literal: 'Using cache directory: ',
    pattern: /^Using cache directory: \S.{0,1000} for vLLM's torch\.compile$/,
    example:
      "INFO 05-12 02:45:47 [backends.py:420] Using cache directory: /root/.cache/vllm/torch_compile_cache/ca9bdf/rank_0_0 for vLLM's torch.compile",
    marks: [{ kind: 'during', phase: 'torch_compile' }],
  },
  {
    id: 'vllm.compile_cache_disabled',
    printed: vllm('compilation/backends.py', '0.7.0'),
    files: ['backends.py', 'config.py'],
    literal: "vLLM's torch.compile cache is disabled.",
    pattern: /^vLLM's torch\.compile cache is disabled\.$/,
    example:
      "(EngineCore pid=7) INFO 02-03 09:12:34 [backends.py:900] vLLM's torch.compile cache is disabled.",
    marks: [
      { kind: 'during', phase: 'torch_compile' },
      ...hit(false),
      { kind: 'fact', name: 'compile.cache', value: 'disabled', phase: 'torch_compile' },
    ],
  },
  {
    id: 'vllm.dynamo',
    printed: vllm('compilation/backends.py', '0.6.5'),
    files: ['backends.py'],
    literal: 'Dynamo bytecode transform time: ',
    pattern: new RegExp(`^Dynamo bytecode transform time: (?<took>${SECONDS}) s$`),
    example:
      '(Worker pid=16927) INFO 11-22 01:28:27 [backends.py:1166] [backbone] Dynamo bytecode transform time: 7.05 s',
    marks: [{ kind: 'lasted', phase: 'dynamo_transform', group: 'took', whole: true }],
  },
  {
    // `general shape` to 0.9.2, `dynamic shape` to 0.12, `compile range (1, 8192)` since 0.13, `shape 8` per compile size.
    id: 'vllm.inductor',
    printed: vllm('compilation/backends.py', '0.6.5'),
    files: ['backends.py', 'piecewise_backend.py', 'compiler_interface.py'],
    literal: 'Compiling a graph for ',
    pattern: new RegExp(
      `^Compiling a graph for (?:general shape|dynamic shape|shape [\\w() ,]{1,60}|compile range [\\w() ,]{1,60}) takes (?<took>${SECONDS}) s$`,
    ),
    example:
      '(Worker pid=16927) INFO 11-22 01:56:58 [backends.py:398] [backbone] Compiling a graph for compile range (1, 2048) takes 120.92 s',
    marks: [{ kind: 'lasted', phase: 'inductor_compile', group: 'took', whole: true }],
  },
  {
    id: 'vllm.inductor_began',
    printed: vllm('compilation/backends.py', '0.6.3', '0.6.4'),
    files: ['backends.py'],
    literal: 'Compiling a graph for ',
    pattern: /^Compiling a graph for (?:general shapes?|shape \d{1,9})$/,
    example: 'INFO 11-20 10:00:30 backends.py:73] Compiling a graph for general shapes',
    marks: [{ kind: 'began', phase: 'inductor_compile' }],
  },
  {
    // The first sub-graph has been compiled and stored, so nothing had been found.
    id: 'vllm.compile_cached',
    printed: vllm('compilation/backends.py', '0.6.5'),
    files: ['backends.py'],
    literal: 'Cache the graph ',
    pattern:
      /^Cache the graph (?:of|for) (?:dynamic shape|shape [\w() ,]{1,60}|compile range [\w() ,]{1,60}) for later use$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 02-03 09:12:44 [backends.py:261] Cache the graph of compile range (1, 8192) for later use',
    marks: [{ kind: 'during', phase: 'inductor_compile' }, ...hit(false)],
  },
  {
    // No time up to 0.8.4.
    id: 'vllm.compile_loaded',
    printed: vllm('compilation/backends.py', '0.7.3'),
    files: ['backends.py'],
    literal: 'Directly load the compiled graph',
    pattern: new RegExp(
      `^Directly load the compiled graph(?:\\(s\\))? for (?:dynamic shape|shape [\\w() ,]{1,60}|compile range [\\w() ,]{1,60}) from the cache(?:, took (?<took>${SECONDS}) s)?$`,
    ),
    example:
      'INFO 05-12 02:45:56 [backends.py:118] Directly load the compiled graph(s) for shape None from the cache, took 8.120 s',
    marks: [{ kind: 'lasted', phase: 'compile_cache_load', group: 'took', whole: true }, ...hit(true)],
  },
  {
    // Stands at the end of the load; no Dynamo or Inductor line follows.
    id: 'vllm.aot_loaded',
    printed: vllm('compilation/decorators.py', '0.11.1'),
    files: ['decorators.py'],
    literal: 'Directly load AOT compilation from path ',
    pattern: /^Directly load AOT compilation from path \S.{0,1000}$/,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:30 [decorators.py:640] Directly load AOT compilation from path /root/.cache/vllm/torch_compile_cache/torch_aot_compile/972e/rank_0_0/model',
    marks: [{ kind: 'ended', phase: 'compile_cache_load' }, ...hit(true)],
  },
  {
    id: 'vllm.aot_failed',
    printed: vllm('compilation/decorators.py', '0.17'),
    files: ['decorators.py'],
    literal: 'Compiling model again due to a load failure from ',
    pattern: /^Compiling model again due to a load failure from \S.{0,1000}, reason: /,
    example:
      "(Worker pid=1490) WARNING 11-22 02:21:50 [decorators.py:600] [backbone] Compiling model again due to a load failure from /root/.cache/vllm/torch_compile_cache/torch_aot_compile/972e/rank_0_0/model, reason: 'function' object has no attribute 'finalize_loading'",
    marks: [{ kind: 'during', phase: 'torch_compile' }, ...hit(false)],
  },
  {
    id: 'vllm.aot_unreadable',
    printed: vllm('compilation/decorators.py', '0.11.1', '0.16'),
    files: ['decorators.py'],
    literal: 'Cannot load aot compilation from path ',
    pattern: /^Cannot load aot compilation from path \S.{0,1000}, error: /,
    example:
      '(EngineCore_DP0 pid=7) INFO 11-20 10:00:45 [decorators.py:400] Cannot load aot compilation from path /root/.cache/vllm/torch_aot_compile/972e/rank_0_0/model, error: [Errno 2] No such file or directory',
    marks: [{ kind: 'during', phase: 'torch_compile' }, ...hit(false)],
  },
  {
    // All that compiling on CPU prints: no Dynamo, no Inductor, no total there.
    id: 'vllm.aot_saved',
    printed: vllm('compilation/decorators.py', '0.15'),
    files: ['decorators.py'],
    literal: 'saved AOT compiled function to ',
    pattern: /^saved AOT compiled function to \S.{0,1000}$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:22:25 [decorators.py:743] [backbone] saved AOT compiled function to /root/.cache/vllm/torch_compile_cache/torch_aot_compile/972e/rank_0_0/model',
    marks: [{ kind: 'ended', phase: 'torch_compile' }],
  },
  {
    // "takes" up to 0.17, then "took". Up to 0.16 the load of a cache hit is not in it.
    id: 'vllm.compiled',
    printed: vllm('compilation/monitor.py', '0.6.5'),
    files: ['monitor.py'],
    literal: 'torch.compile t',
    pattern: new RegExp(`^torch\\.compile (?:takes|took) (?<took>${SECONDS}) s in total$`),
    example: 'INFO 05-12 02:45:58 [monitor.py:33] torch.compile takes 11.47 s in total',
    marks: [{ kind: 'lasted', phase: 'torch_compile', group: 'took', whole: true }],
  },
  {
    // Without AOT: with the first forward pass inside.
    id: 'vllm.compiled_and_run',
    printed: vllm('compilation/monitor.py', '0.18'),
    files: ['monitor.py'],
    literal: 'torch.compile and initial profiling/warmup run together took ',
    pattern: new RegExp(
      `^torch\\.compile and initial profiling/warmup run together took (?<took>${SECONDS}) s in total$`,
    ),
    example:
      '(Worker_TP0 pid=9) INFO 04-13 10:43:00 [monitor.py:48] torch.compile and initial profiling/warmup run together took 30.12 s in total',
    marks: [{ kind: 'lasted', phase: 'torch_compile', group: 'took', whole: true }],
  },
  {
    // The first forward pass after an AOT compilation.
    id: 'vllm.first_run',
    printed: vllm('compilation/monitor.py', '0.18'),
    files: ['monitor.py'],
    literal: 'Initial profiling/warmup run took ',
    pattern: new RegExp(`^Initial profiling/warmup run took (?<took>${SECONDS}) s$`),
    example:
      '(Worker pid=1490) INFO 11-22 02:22:25 [monitor.py:91] [backbone] Initial profiling/warmup run took 0.05 s',
    marks: [{ kind: 'lasted', phase: 'memory_profiling', group: 'took', whole: false }],
  },
  {
    // Neuron's compiler, one line per graph.
    id: 'vllm.neuron_compiled',
    printed: { program: 'neuronx-cc', file: 'stdout', from: '2.0' },
    files: [],
    literal: 'Compiler status PASS',
    pattern: /^Compiler status PASS$/,
    example: 'Compiler status PASS',
    marks: [{ kind: 'ended', phase: 'torch_compile' }],
  },
];
