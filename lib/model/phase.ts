// The phases of a startup: where each belongs in the tree.
//
// Names and parents are a public contract (design: "The phases"). The parent
// says where a phase belongs, never when it was.

export type PhaseName = keyof typeof PHASES;

export type PhaseLevel = 'pod' | 'container';

interface PhaseRow {
  readonly parent: string | undefined;
  readonly level: PhaseLevel;
  readonly says: string;
}

/** In the order in which a normal start goes through them. */
export const PHASES = {
  endpoint_startup: row(undefined, 'pod', 'pod created → ready, failed, or the last evidence'),
  pod_pending: row('endpoint_startup', 'pod', 'pod created → scheduled'),
  node_provisioning: row('pod_pending', 'pod', 'scale-up triggered → scheduled'),
  pod_sandbox: row('endpoint_startup', 'pod', 'accepted by the kubelet → sandbox and network ready'),
  image_pull: row('endpoint_startup', 'container', 'Pulling → Pulled, or Failed'),
  init_container: row('endpoint_startup', 'container', 'init container started → finished'),
  container_creating: row('endpoint_startup', 'container', 'image there → container started'),
  startup: row('endpoint_startup', 'container', 'main container started → server ready'),
  s5cmd_download: row('startup', 'container', 'container started → last object written'),
  ray_cluster_init: row('startup', 'container', 'ray start → every node joined'),
  python_init: row('startup', 'container', "end of the previous phase → vLLM's banner or arguments line"),
  vllm_init: row('startup', 'container', 'banner or arguments line → engine ready'),
  model_config: row('vllm_init', 'container', 'arguments → model and parallel configuration resolved'),
  engine_boot: row('vllm_init', 'container', 'engine core and worker processes spawned and imported'),
  distributed_init: row('vllm_init', 'container', 'process groups, NCCL'),
  weight_loading: row('vllm_init', 'container', 'model construction, download and reading of the weights'),
  weights_download: row('weight_loading', 'container', 'download by vLLM itself'),
  draft_model_loading: row('weight_loading', 'container', 'weights of the draft model'),
  engine_init: row('vllm_init', 'container', 'what vLLM calls "init engine"'),
  memory_profiling: row('engine_init', 'container', 'profile run'),
  torch_compile: row('memory_profiling', 'container', 'Dynamo, Inductor, or the load of a cached result'),
  dynamo_transform: row('torch_compile', 'container', 'Dynamo bytecode transform'),
  inductor_compile: row('torch_compile', 'container', 'graph compilation'),
  compile_cache_load: row('torch_compile', 'container', 'compiled graphs read from the cache'),
  kv_cache_allocation: row('engine_init', 'container', 'KV cache sized and allocated'),
  kernel_warmup: row('engine_init', 'container', 'FlashInfer autotune, DeepGEMM, CPU warm-up'),
  cuda_graph_capture: row('engine_init', 'container', 'CUDA graph capture'),
  server_ready: row('startup', 'container', 'engine ready → HTTP answers'),
  readiness_lag: row('endpoint_startup', 'pod', 'server ready → Ready condition'),
  routable: row('endpoint_startup', 'pod', 'Ready → the endpoint picker knew the pod'),
} as const satisfies Readonly<Record<string, PhaseRow>>;

export const ROOT = 'endpoint_startup';

export const PHASE_NAMES: readonly PhaseName[] = phaseNames();

export function isPhaseName(text: string): text is PhaseName {
  return Object.hasOwn(PHASES, text);
}

/** Place in the usual order: smaller is earlier or outer. */
export const phaseRank = (name: PhaseName): number => RANKS.get(name) ?? 0;

const RANKS: ReadonlyMap<PhaseName, number> = new Map(PHASE_NAMES.map((name, index) => [name, index]));

export const parentOf = (name: PhaseName): PhaseName | undefined => PHASES[name].parent;

export function childrenOf(parent: PhaseName): readonly PhaseName[] {
  return PHASE_NAMES.filter((name) => parentOf(name) === parent);
}

/** 0 for the root. */
export function depthOf(name: PhaseName): number {
  const parent = parentOf(name);
  return parent === undefined ? 0 : 1 + depthOf(parent);
}

function phaseNames(): readonly PhaseName[] {
  return Object.keys(PHASES).filter(isPhaseName);
}

function row<const Parent extends string | undefined>(parent: Parent, level: PhaseLevel, says: string) {
  return { parent, level, says };
}
