// vLLM rules: warm-up of kernels, and compilation ahead of time on TPU and HPU.

import type { MarkSpec, Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

const SECONDS = '\\d{1,9}(?:\\.\\d{1,9})?';

const WARMING: readonly MarkSpec[] = [{ kind: 'during', phase: 'kernel_warmup' }];

/** Of one of many compilations: its seconds say nothing of the whole. */
const WARMED: readonly MarkSpec[] = [{ kind: 'ended', phase: 'kernel_warmup' }];

const BEGAN: readonly MarkSpec[] = [{ kind: 'began', phase: 'kernel_warmup' }];

export const warmupRules: readonly Rule[] = [
  {
    id: 'vllm.autotune_began',
    printed: { program: 'flashinfer', file: 'autotuner.py', from: '0.3' },
    files: ['autotuner.py'],
    literal: '[Autotuner]: Autotuning process starts ',
    pattern: /^\[Autotuner\]: Autotuning process starts \.\.\.$/,
    example:
      '(EngineCore pid=187) 2026-05-01 20:47:46,840 - INFO - autotuner.py:457 - flashinfer.jit: [Autotuner]: Autotuning process starts ...',
    marks: BEGAN,
  },
  {
    id: 'vllm.autotune_ended',
    printed: { program: 'flashinfer', file: 'autotuner.py', from: '0.3' },
    files: ['autotuner.py'],
    literal: '[Autotuner]: Autotuning process ends',
    pattern: /^\[Autotuner\]: Autotuning process ends$/,
    example:
      '(EngineCore pid=187) 2026-05-01 20:47:51,201 - INFO - autotuner.py:472 - flashinfer.jit: [Autotuner]: Autotuning process ends',
    marks: [{ kind: 'ended', phase: 'kernel_warmup' }],
  },
  {
    // No line says that it is over.
    id: 'vllm.flashinfer_warmup',
    printed: vllm('model_executor/warmup/kernel_warmup.py', '0.10.2'),
    files: ['kernel_warmup.py'],
    literal: 'Warming up FlashInfer attention.',
    pattern: /^Warming up FlashInfer attention\.$/,
    example: '(EngineCore pid=7) INFO 06-10 02:43:53 [kernel_warmup.py:61] Warming up FlashInfer attention.',
    marks: WARMING,
  },
  {
    id: 'vllm.autotune_off',
    printed: vllm('model_executor/warmup/kernel_warmup.py', '0.16'),
    files: ['kernel_warmup.py'],
    literal: 'Skipping FlashInfer autotune because it is disabled.',
    pattern: /^Skipping FlashInfer autotune because it is disabled\.$/,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:53 [kernel_warmup.py:48] Skipping FlashInfer autotune because it is disabled.',
    marks: [{ kind: 'fact', name: 'flashinfer_autotune', value: 'disabled' }],
  },
  {
    id: 'vllm.jit_warmup_began',
    printed: vllm('model_executor/warmup/kernel_warmup.py', '0.29'),
    files: ['kernel_warmup.py'],
    literal: 'JIT kernel warmup starting.',
    pattern: /^JIT kernel warmup starting\.$/,
    example: '(EngineCore pid=7) INFO 11-20 10:00:50 [kernel_warmup.py:120] JIT kernel warmup starting.',
    marks: BEGAN,
  },
  {
    id: 'vllm.jit_warmup_ended',
    printed: vllm('model_executor/warmup/kernel_warmup.py', '0.29'),
    files: ['kernel_warmup.py'],
    literal: 'JIT kernel warmup finished in ',
    pattern: new RegExp(`^JIT kernel warmup finished in (?<took>${SECONDS})s\\.$`),
    example:
      '(EngineCore pid=7) INFO 11-20 10:00:58 [kernel_warmup.py:131] JIT kernel warmup finished in 8.31s.',
    marks: [{ kind: 'lasted', phase: 'kernel_warmup', group: 'took', whole: false }],
  },
  {
    id: 'vllm.mhc_began',
    printed: vllm('model_executor/warmup/deepseek_v4_mhc_warmup.py', '0.24', '0.29'),
    files: ['deepseek_v4_mhc_warmup.py'],
    literal: 'Warming up DeepSeek V4 mHC TileLang kernels ',
    pattern: /^Warming up DeepSeek V4 mHC TileLang kernels for token sizes: /,
    example:
      '(Worker_TP0 pid=9) INFO 11-20 10:00:50 [deepseek_v4_mhc_warmup.py:88] Warming up DeepSeek V4 mHC TileLang kernels for token sizes: [1, 2, 4]',
    marks: BEGAN,
  },
  {
    id: 'vllm.mhc_ended',
    printed: vllm('model_executor/warmup/deepseek_v4_mhc_warmup.py', '0.24', '0.29'),
    files: ['deepseek_v4_mhc_warmup.py'],
    literal: 'DeepSeek V4 mHC TileLang warmup finished in ',
    pattern: new RegExp(`^DeepSeek V4 mHC TileLang warmup finished in (?<took>${SECONDS}) seconds\\.$`),
    example:
      '(Worker_TP0 pid=9) INFO 11-20 10:01:10 [deepseek_v4_mhc_warmup.py:101] DeepSeek V4 mHC TileLang warmup finished in 20.11 seconds.',
    marks: [{ kind: 'lasted', phase: 'kernel_warmup', group: 'took', whole: false }],
  },
  {
    id: 'vllm.minimax_warmup',
    printed: vllm('model_executor/warmup/minimax_m3_msa_warmup.py', '0.24'),
    files: ['minimax_m3_msa_warmup.py', 'kernel_warmup.py'],
    literal: 'Warming up MiniMax M3 MSA kernels.',
    pattern: /^Warming up MiniMax M3 MSA kernels\.$/,
    example:
      '(Worker_TP0 pid=9) INFO 11-20 10:00:50 [minimax_m3_msa_warmup.py:40] Warming up MiniMax M3 MSA kernels.',
    marks: WARMING,
  },
  {
    id: 'vllm.sparse_mla_warmup',
    printed: vllm('model_executor/warmup/deepseek_v4_sparse_mla_warmup.py', '0.24'),
    files: ['deepseek_v4_sparse_mla_warmup.py', 'sparse_mla_warmup.py', 'kernel_warmup.py'],
    literal: 'Warming up DeepSeek V4 sparse MLA attention ',
    pattern: /^Warming up DeepSeek V4 sparse MLA attention for mixed tokens=/,
    example:
      '(Worker_TP0 pid=9) INFO 11-20 10:00:50 [kernel_warmup.py:90] Warming up DeepSeek V4 sparse MLA attention for mixed tokens=128.',
    marks: WARMING,
  },
  {
    id: 'vllm.rocm_autotune',
    printed: vllm('model_executor/warmup/rocm_segmented_attn_autotune_warmup.py', '0.32'),
    files: ['rocm_segmented_attn_autotune_warmup.py'],
    literal: 'ROCm segmented attention autotune ready: ',
    pattern: new RegExp(
      `^ROCm segmented attention autotune ready: tp_rank=[\\w=/ ]{1,200} elapsed=(?<took>${SECONDS})s cache=`,
    ),
    example:
      '(Worker_TP0 pid=9) INFO 11-20 10:01:10 [rocm_segmented_attn_autotune_warmup.py:300] ROCm segmented attention autotune ready: tp_rank=0/8 local_tuned=4 tuned=32 loaded=0 failed=0 elapsed=12.40s cache=/root/.cache/vllm/rocm',
    marks: [{ kind: 'lasted', phase: 'kernel_warmup', group: 'took', whole: false }],
  },
  {
    // The worker's last step. It ends nothing of its own: a start without warm-up prints it too.
    id: 'vllm.jit_monitor',
    printed: vllm('utils/jit_monitor.py', '0.21'),
    files: ['jit_monitor.py'],
    literal: 'Kernel JIT monitor activated',
    pattern: /^Kernel JIT monitor activated(?: \S|;) /,
    example:
      '(EngineCore pid=7) INFO 06-10 02:43:56 [jit_monitor.py:80] Kernel JIT monitor activated; monitored JIT compilations during inference will use mode=warn.',
    marks: [{ kind: 'during', phase: 'engine_init' }],
  },
  {
    // CPU: one run that is both the profile run (with compilation inside) and the warm-up.
    id: 'vllm.cpu_warmup_began',
    printed: vllm('v1/worker/cpu_model_runner.py', '0.9.1'),
    files: ['cpu_model_runner.py'],
    literal: 'Warming up model for the compilation...',
    pattern: /^Warming up model for the compilation\.\.\.$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:47 [cpu_model_runner.py:87] Warming up model for the compilation...',
    marks: [{ kind: 'began', phase: 'memory_profiling' }, ...BEGAN],
  },
  {
    id: 'vllm.cpu_warmup_ended',
    printed: vllm('v1/worker/cpu_model_runner.py', '0.9.1'),
    files: ['cpu_model_runner.py'],
    literal: 'Warming up done.',
    pattern: /^Warming up done\.$/,
    example: '(Worker pid=1490) INFO 11-22 02:22:26 [cpu_model_runner.py:91] Warming up done.',
    marks: [
      { kind: 'ended', phase: 'memory_profiling' },
      { kind: 'ended', phase: 'kernel_warmup' },
    ],
  },
  {
    // Many times, one per family of shapes.
    id: 'vllm.tpu_compile_began',
    printed: vllm('v1/worker/tpu_model_runner.py', '0.8.0', '0.13'),
    files: ['tpu_model_runner.py', 'compilation_manager.py', 'tpu_runner.py'],
    literal: 'Compiling ',
    pattern: /^Compiling \w.{0,80} with different (?:input|num_reqs|vision) ?\w{0,20}\.?$/,
    example:
      '(EngineCore_DP0 pid=7) INFO 01-22 20:40:11 [compilation_manager.py:120] Compiling sampling with different input shapes.',
    marks: WARMING,
  },
  {
    // tpu-inference names what it compiles and says when it is done: `Precompile worker0 backbone --> {'num_tokens': 16}`.
    id: 'vllm.tpu_precompile_began',
    printed: { program: 'tpu-inference', file: 'runner/compilation_manager.py', from: '0.11.1' },
    files: ['compilation_manager.py'],
    literal: 'Precompile ',
    pattern: /^Precompile \w.{0,120}? --> \{/,
    example:
      "(EngineCore_DP0 pid=7) INFO 01-22 20:38:02 [compilation_manager.py:88] Precompile worker0 backbone --> {'num_tokens': 16}",
    marks: WARMING,
  },
  {
    // "in in" from 0.8.0 to 0.8.4.
    id: 'vllm.tpu_compile_ended',
    printed: vllm('v1/worker/tpu_model_runner.py', '0.8.0', '0.13'),
    files: ['tpu_model_runner.py', 'compilation_manager.py', 'tpu_runner.py'],
    literal: 'Compilation finished in ',
    pattern: new RegExp(`^Compilation finished in (?:in )?(?<took>${SECONDS}) \\[secs\\]\\.?$`),
    example:
      '(EngineCore_DP0 pid=7) INFO 01-22 20:40:12 [compilation_manager.py:93] Compilation finished in 0.92 [secs].',
    marks: WARMED,
  },
  {
    id: 'vllm.tpu_precompile_ended',
    printed: { program: 'tpu-inference', file: 'runner/compilation_manager.py', from: '0.20' },
    files: ['compilation_manager.py'],
    literal: 'Compilation of ',
    pattern: new RegExp(
      `^Compilation of \\w[^>]{0,200}> \\{[^}]{0,4000}\\} finished in (?<took>${SECONDS}) \\[secs\\]\\.?$`,
    ),
    example:
      "(EngineCore pid=7) INFO 06-26 02:50:12 [compilation_manager.py:101] Compilation of worker0 sample --> {'num_reqs': 8, 'do_sampling': True} finished in 0.92 [secs].",
    marks: WARMED,
  },
  {
    id: 'vllm.tpu_compile_v0',
    printed: vllm('worker/tpu_model_runner.py', '0.5.1', '0.10.2'),
    files: ['tpu_model_runner.py'],
    literal: 'Compilation for ',
    pattern: new RegExp(
      `^Compilation for (?:prefill|decode|prefill with prefix) done in (?<took>${SECONDS}) s\\.$`,
    ),
    example: 'INFO 11-20 10:03:10 tpu_model_runner.py:262] Compilation for prefill done in 95.20 s.',
    marks: WARMED,
  },
  {
    id: 'vllm.hpu_warmup_skipped',
    printed: vllm('worker/hpu_model_runner.py', '0.6.3'),
    files: ['hpu_model_runner.py'],
    literal: 'Skipping warmup...',
    pattern: /^Skipping warmup\.\.\.$/,
    example: 'INFO 04-30 05:58:53 [hpu_model_runner.py:2400] Skipping warmup...',
    marks: [{ kind: 'absent', phase: 'kernel_warmup', why: 'VLLM_SKIP_WARMUP' }],
  },
  {
    id: 'vllm.hpu_warmup',
    printed: vllm('worker/hpu_model_runner.py', '0.6.3'),
    files: ['hpu_model_runner.py'],
    literal: '[Warmup]',
    pattern: /^\[Warmup\]\[[^\]]{1,60}\]\[\d{1,6}\/\d{1,6}\] /,
    example:
      'INFO 04-30 05:59:10 hpu_model_runner.py:1600] [Warmup][Graph/Prompt][1/32] batch_size:1 seq_len:128 free_mem:40.1 GiB',
    marks: WARMING,
  },
  {
    id: 'vllm.hpu_warmup_ended',
    printed: vllm('worker/hpu_model_runner.py', '0.6.3'),
    files: ['hpu_model_runner.py'],
    literal: 'Warmup finished in ',
    pattern: new RegExp(`^Warmup finished in (?<took>${SECONDS}) secs, allocated `),
    example:
      'INFO 04-30 06:01:10 hpu_model_runner.py:1700] Warmup finished in 120 secs, allocated 11.2 GiB of device memory',
    marks: [{ kind: 'lasted', phase: 'kernel_warmup', group: 'took', whole: true }],
  },
  ...warmupBars(),
];

/** Bars without a header: `DeepGEMM warmup:  12%|█▏        | 61/512 [00:03<00:25, 17.8it/s]`. */
function warmupBars(): readonly Rule[] {
  const bars: readonly (readonly [id: string, literal: string, from: string])[] = [
    ['bar_deep_gemm', 'DeepGEMM warmup', '0.14'],
    ['bar_deep_gemm_013', 'DeepGemm(', '0.10.1'],
    ['bar_jit', 'JIT kernel warmup (', '0.29'],
    ['bar_autotuner', '[AutoTuner]: Tuning ', '0.10.2'],
  ];
  return bars.map(([id, literal, from]) => ({
    id: `vllm.${id}`,
    printed: vllm('model_executor/warmup', from),
    files: [],
    literal,
    pattern: new RegExp(`^${literal.replace(/[[\]()]/g, '\\$&')}[\\w ()=,.-]{0,120}: {1,4}\\d{1,3}%\\|`),
    example: `(EngineCore pid=7) ${literal}x:  12%|█▏        | 61/512 [00:03<00:25, 17.8it/s]`,
    marks: WARMING,
  }));
}
