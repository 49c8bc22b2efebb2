// The spans that vLLM records of its start, by name: what each measures, and which phase's ends it shares.
//
// Recorded by `@instrument(span_name=…)` since vLLM 0.16 (PR #31162). Lengths and
// neighbours were checked against three recorded starts of 0.32.0 on CPU; what is
// only known from the source says so in `says`.

import type { BootBorder, Border, SpanWitness } from '../model/native-span.ts';
import type { PhaseName } from '../model/phase.ts';

export interface SpanName {
  readonly name: string;
  /** Only spans of this scope (Python module); a name that two functions share has two rows. */
  readonly scope?: string;
  /** File of vLLM that records it, and the first version that does. */
  readonly file: string;
  readonly from: string;
  readonly says: string;
  readonly witnesses: readonly SpanWitness[];
  readonly boot?: BootBorder;
  readonly depth?: number;
  readonly isServer?: true;
  /** Seconds that it must have lasted to mean its phase. */
  readonly least?: number;
}

const of = (phase: PhaseName, start: Border, end: Border): SpanWitness => ({ phase, start, end });

const ENGINE = [of('vllm_init', 'part', 'near')];
const LOADING = of('weight_loading', 'same', 'later');
const WARMUP = [of('kernel_warmup', 'near', 'near')];

/** The more specific of two rows of one name first. */
export const SPAN_NAMES: readonly SpanName[] = [
  {
    name: 'Overall Loading',
    file: 'v1/engine/core_client.py',
    from: '0.16.0',
    says: 'the client of the engine is made: spawns the engine core and waits until it is ready',
    witnesses: ENGINE,
    boot: 'spawning',
    depth: 0,
  },
  {
    name: 'AsyncMPClient init',
    file: 'v1/engine/core_client.py',
    from: '0.16.0',
    says: 'the same, from inside, in an API server',
    witnesses: ENGINE,
    boot: 'spawning',
    depth: 1,
    isServer: true,
  },
  {
    name: 'SyncMPClient init',
    file: 'v1/engine/core_client.py',
    from: '0.16.0',
    says: 'the same, from inside, offline',
    witnesses: ENGINE,
    boot: 'spawning',
    depth: 1,
  },
  {
    name: 'EngineCoreProc init',
    file: 'v1/engine/core.py',
    from: '0.16.0',
    says: 'the engine core, from its first statement (process spawned and imported) to ready',
    witnesses: [],
    boot: 'core',
    depth: 2,
  },
  {
    name: 'Executor init',
    file: 'v1/executor/abstract.py',
    from: '0.16.0',
    says: 'workers spawned, devices set up, weights loaded',
    witnesses: [],
    depth: 3,
  },
  {
    name: 'Worker init',
    scope: 'vllm.v1.worker.worker_base',
    file: 'v1/worker/worker_base.py',
    from: '0.16.0',
    says: 'the worker class imported and made: its end is where the first line of a worker stands',
    witnesses: [],
    boot: 'worker',
  },
  {
    name: 'Worker init',
    file: 'v1/executor/multiproc_executor.py',
    from: '0.16.0',
    says: 'a worker process, from its first statement until its weights are loaded',
    witnesses: [],
    depth: 4,
  },
  {
    name: 'Init device',
    file: 'v1/worker/gpu_worker.py',
    from: '0.16.0',
    says: 'device, process groups, memory snapshot, model runner: more than distributed_init (source only)',
    witnesses: [],
  },
  {
    name: 'Loading (GPU)',
    file: 'v1/worker/gpu_model_runner.py',
    from: '0.16.0',
    says: 'model construction, reading of the weights and their post-processing (model runner V1 only)',
    witnesses: [LOADING],
  },
  {
    name: 'Loading (CPU)',
    file: 'v1/worker/cpu_model_runner.py',
    from: '0.16.0',
    says: 'the same on CPU, where no line tells of the post-processing: 2.61 s beside 0.35 s in the log',
    witnesses: [LOADING],
  },
  {
    name: 'Load model',
    file: 'model_executor/model_loader/base_loader.py',
    from: '0.16.0',
    says: 'the loader inside the two above; the only one of them with model runner V2',
    witnesses: [{ ...of('weight_loading', 'near', 'near'), standsIn: true }],
  },
  {
    name: 'Initialize model',
    file: 'model_executor/model_loader/utils.py',
    from: '0.16.0',
    says: 'model construction: a part of weight_loading',
    witnesses: [],
  },
  {
    name: 'Load weights',
    file: 'model_executor/model_loader/default_loader.py',
    from: '0.16.0',
    says: 'what "Loading weights took" prints: a part of weight_loading',
    witnesses: [],
  },
  {
    name: 'Download weights - HF',
    file: 'model_executor/model_loader/weight_utils.py',
    from: '0.16.0',
    says: 'download by vLLM itself; below half a second nothing was downloaded, and vLLM prints nothing either',
    witnesses: [of('weights_download', 'same', 'same')],
    least: 0.5,
  },
  {
    name: 'Prepare model',
    file: 'v1/engine/core.py',
    from: '0.16.0',
    says: 'what "init engine (profile, create kv cache, warmup model) took" prints',
    witnesses: [of('engine_init', 'same', 'same')],
  },
  {
    name: 'Dynamo bytecode transform',
    file: 'compilation/backends.py',
    from: '0.16.0',
    says: 'what "Dynamo bytecode transform time" prints; began in 1970 before 0.26 (#40698)',
    witnesses: [of('dynamo_transform', 'same', 'same')],
  },
  {
    name: 'Inductor compilation',
    file: 'compilation/backends.py',
    from: '0.16.0',
    says: 'what "Compiling a graph for compile range … takes" prints',
    witnesses: [of('inductor_compile', 'same', 'same')],
  },
  {
    name: 'Compile graph',
    file: 'compilation/backends.py',
    from: '0.16.0',
    says: 'one piece of the graph: a part of inductor_compile that has no line',
    witnesses: [],
  },
  {
    name: 'Warmup (CPU)',
    file: 'v1/worker/cpu_model_runner.py',
    from: '0.16.0',
    says: 'from "Warming up model for the compilation..." to "Warming up done."',
    witnesses: [
      of('kernel_warmup', 'same', 'same'),
      { ...of('memory_profiling', 'same', 'same'), refines: true },
    ],
  },
  {
    name: 'Warmup (GPU)',
    file: 'v1/worker/gpu_worker.py',
    from: '0.16.0',
    says: 'kernel warm-up, graph capture and sampler together: no phase of its own (source only)',
    witnesses: [],
  },
  {
    name: 'Allocate KV cache',
    file: 'v1/worker/gpu_worker.py',
    from: '0.16.0',
    says: 'the allocation, which prints no line; the log only tells of the sizing before it',
    witnesses: [of('kv_cache_allocation', 'part', 'later')],
  },
  {
    name: 'Capture model',
    file: 'v1/worker/gpu_model_runner.py',
    from: '0.16.0',
    says: 'what "Graph capturing finished in" prints (model runner V1 only; source only)',
    witnesses: [of('cuda_graph_capture', 'near', 'near')],
  },
  {
    name: 'DeepGemm warmup',
    file: 'model_executor/warmup/deep_gemm_warmup.py',
    from: '0.16.0',
    says: 'kernels compiled ahead (source only)',
    witnesses: WARMUP,
  },
  {
    name: 'CuTeDSL warmup',
    file: 'model_executor/warmup/',
    from: '0.25.0',
    says: 'kernels compiled ahead (source only)',
    witnesses: WARMUP,
  },
  {
    name: 'DeepSeek V4 mHC warmup',
    file: 'model_executor/warmup/',
    from: '0.25.0',
    says: 'kernels compiled ahead (source only)',
    witnesses: WARMUP,
  },
  {
    name: 'MiniMax M3 MSA warmup',
    file: 'model_executor/warmup/',
    from: '0.25.0',
    says: 'kernels compiled ahead (source only)',
    witnesses: WARMUP,
  },
];

const BY_NAME: ReadonlyMap<string, readonly SpanName[]> = Map.groupBy(SPAN_NAMES, ({ name }) => name);

/** What a span of this name and scope is; undefined: it is not of a start. */
export function spanNameOf(name: string, scope: string): SpanName | undefined {
  const rows = BY_NAME.get(name) ?? [];
  return rows.find((row) => row.scope === scope) ?? rows.find((row) => row.scope === undefined);
}

/** `Loading (CPU)` → `vllm.span.loading_cpu`. */
export const ruleOf = (name: string): string =>
  `vllm.span.${name
    .toLowerCase()
    .replace(/[^a-z0-9]{1,8}/g, '_')
    .replace(/^_|_$/g, '')}`;
