// Startups made by hand for the report tests, in the shapes that assembly makes them.

import { duration, type Instant, NANOSECOND, SECOND, seconds } from '../../lib/base/instant.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { Proof } from '../../lib/model/mark.ts';
import { PHASES, type PhaseName, parentOf } from '../../lib/model/phase.ts';
import type { Gap, Phase, PlacedProof, Startup } from '../../lib/model/startup.ts';
import type { Telling, Told } from '../../lib/reports/contract.ts';
import { moment as at } from '../moments.ts';

export const PLAIN: Telling = { width: 80, color: false, ascii: false, traceIdScheme: 'md5' };

export const proof = (text: string, line: number, rule = 'vllm.some_rule'): Proof => ({
  source: 'llama-70b-0/main/0',
  line,
  text,
  rule,
});

const placed = (side: 'start' | 'end', said: Proof): PlacedProof => ({ at: side, ...said });

export function phase(name: PhaseName, from: number, to: number, more: Partial<Phase> = {}): Phase {
  return {
    name,
    parent: parentOf(name) ?? 'endpoint_startup',
    occurrence: 0,
    container: PHASES[name].level === 'pod' ? null : 'main',
    restart: 0,
    process: 0,
    start: at(from),
    end: at(to),
    certainty: 'observed',
    evidence: [
      placed('start', proof(`${name} begins`, Math.ceil(from) + 1)),
      placed('end', proof(`${name} ends`, Math.ceil(to) + 1)),
    ],
    attributes: {},
    ...more,
  };
}

export function gap(
  parent: PhaseName,
  afterPhase: PhaseName,
  from: number,
  to: number,
  more: Partial<Gap> = {},
): Gap {
  return {
    parent,
    afterPhase,
    occurrence: 0,
    container: PHASES[parent].level === 'pod' ? null : 'main',
    restart: 0,
    process: 0,
    start: at(from).at,
    end: at(to).at,
    before: proof('the line before the silence', 10),
    next: proof('the line after the silence', 11),
    ...more,
  };
}

export function startup(from: number, to: number, more: Partial<Startup> = {}): Startup {
  return {
    pod: {
      uid: podUid('test-pod-uid'),
      uidSynthetic: false,
      name: 'llama-70b-0',
      namespace: 'model-endpoints',
      node: 'gpu-node-7',
    },
    attributes: {},
    attempt: 0,
    container: 'main',
    restart: 0,
    process: 0,
    outcome: 'ready',
    class: 'cold',
    start: at(from),
    end: at(to),
    evidence: [
      placed('start', {
        source: 'pod/llama-70b-0',
        text: 'creationTimestamp 2026-08-21T10:00:00Z',
        rule: 'pod.created',
      }),
    ],
    coverage: 1,
    phases: [],
    gaps: [],
    missing: [],
    conflicts: [],
    advice: [],
    ...more,
  };
}

/** Ready, with gaps of every size, ranks, a whole-second witness and a derived phase. */
export const READY = startup(0, 61.2, {
  start: at(0, SECOND),
  engine: { name: 'vllm', version: '0.11.0' },
  attributes: { gpu_type: 'nvidia-h100', num_gpus: 8, model_name: 'llama-3-70b', image_tag: 'v0.11.0' },
  coverage: 0.9712,
  phases: [
    phase('pod_pending', 0, 0.4, { start: at(0, SECOND) }),
    phase('image_pull', 0.9, 0.9, { attributes: { 'image.cached': true } }),
    phase('container_creating', 0.9, 1.5),
    phase('startup', 1.5, 60.2),
    phase('python_init', 1.5, 9.25, { certainty: 'derived' }),
    phase('vllm_init', 9.25, 59.7),
    phase('weight_loading', 12.1, 24.44, {
      certainty: 'derived',
      reported: 12.34,
      ranks: { count: 8, slowest: 'TP3', spread: seconds(0.8) },
      attributes: { weights_gib: 14.96 },
      evidence: [
        placed('end', proof('Model loading took 14.9596 GiB and 12.340000 seconds', 42, 'vllm.weights_took')),
      ],
    }),
    phase('engine_init', 28.6, 59.6, { reported: 30.9 }),
    phase('torch_compile', 28.6, 49.1, { reported: 17.5 }),
    phase('cuda_graph_capture', 50, 59, { start: at(50, SECOND), end: at(59, SECOND) }),
    phase('server_ready', 59.7, 60.2),
    phase('readiness_lag', 60.2, 61.2, { end: at(61.2, SECOND) }),
  ],
  gaps: [
    gap('endpoint_startup', 'pod_pending', 0.4, 0.9),
    gap('vllm_init', 'vllm_init', 9.25, 12.1),
    gap('vllm_init', 'weight_loading', 24.44, 28.6),
    gap('vllm_init', 'engine_init', 59.6, 59.7),
    gap('engine_init', 'cuda_graph_capture', 59, 59.2),
  ],
  missing: [
    { phase: 'kv_cache_allocation', why: 'marker not found for vllm 0.11.0', legitimate: false },
    { phase: 's5cmd_download', why: 'the model came from a volume', legitimate: true },
    { phase: 'distributed_init', why: 'one GPU', legitimate: true },
  ],
});

const OOM =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB of which 1.06 GiB is free.';

/** Failed in a phase that never ended. */
export const FAILED = startup(0, 34.25, {
  engine: { name: 'vllm', version: '0.11.0' },
  outcome: 'failed',
  class: 'unknown',
  coverage: 0.999,
  failure: {
    phase: 'weight_loading',
    cause: 'out_of_gpu_memory',
    evidence: proof(OOM, 1234, 'vllm.cuda_oom'),
  },
  phases: [
    phase('startup', 0, 34.25, { certainty: 'open' }),
    phase('vllm_init', 8, 34.25, { certainty: 'open' }),
    phase('weight_loading', 12, 34.25, {
      certainty: 'open',
      evidence: [placed('start', proof('Starting to load model', 40))],
    }),
  ],
  gaps: [gap('startup', 'startup', 0, 8), gap('vllm_init', 'vllm_init', 8, 12)],
});

/** Evidence ends in the middle; a bare log without pod or namespace. */
export const INCOMPLETE = startup(0, 2052, {
  pod: {
    uid: podUid('0f0f0f0f-0000-0000-0000-000000000000'),
    uidSynthetic: true,
    name: null,
    namespace: null,
    node: null,
  },
  container: null,
  outcome: 'incomplete',
  class: 'unknown',
  coverage: 0.5,
  evidence: [
    placed('start', {
      source: 'main.log',
      line: 1,
      text: 'vLLM API server version 0.9.2',
      rule: 'vllm.banner',
    }),
  ],
  silent: { phase: 'weight_loading', since: at(12).at, lasting: seconds(2040) },
  note: 'the Job ended without an engine',
  phases: [
    phase('startup', 0, 2052, { certainty: 'open', container: null }),
    phase('weight_loading', 12, 2052, { certainty: 'open', container: null }),
  ],
  conflicts: [{ what: 'container start', says: 'status says 10:00:00, the event says 10:00:09' }],
  advice: ['kubectl logs --timestamps POD: this log counts whole seconds only'],
});

/** The second attempt of the failed pod. */
export const SECOND_TRY = startup(40, 100, {
  attempt: 1,
  restart: 1,
  class: 'warm',
  coverage: 0.75,
  podTotal: seconds(100),
  phases: [phase('startup', 55, 100, { restart: 1 })],
  gaps: [gap('endpoint_startup', 'endpoint_startup', 40, 55, { restart: 1, container: null })],
});

/** No line of the log has a time. */
export const CLOCKLESS = startup(0, 0, {
  start: { at: 0n as Instant, precision: duration(0n) },
  end: { at: 0n as Instant, precision: duration(0n) },
  attributes: { clock: 'none' },
  class: 'unknown',
  phases: [
    phase('weight_loading', 0, 0, {
      start: { at: 0n as Instant, precision: NANOSECOND },
      end: { at: seconds(12.34) as bigint as Instant, precision: NANOSECOND },
      certainty: 'derived',
      reported: 12.34,
    }),
  ],
  advice: ['kubectl logs --timestamps POD'],
});

export const told = (...startups: readonly Startup[]): Told => ({ startups, tally: new Map(), problems: [] });

/** As pods of one endpoint: each with its own uid and name. */
export const asPod = (one: Startup, name: string): Startup => ({
  ...one,
  pod: { ...one.pod, uid: podUid(name), name },
});
