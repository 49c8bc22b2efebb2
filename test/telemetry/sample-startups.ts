// Two attempts of one pod, and a bare log: startups written by hand, with every kind of thing a span can tell.

import { duration, type Instant, instant, NANOSECOND, SECOND } from '../../lib/base/instant.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { Moment, Proof } from '../../lib/model/mark.ts';
import type { PhaseName } from '../../lib/model/phase.ts';
import { parentOf } from '../../lib/model/phase.ts';
import type { Gap, Phase, PlacedProof, Startup } from '../../lib/model/startup.ts';

/** 2026-08-21T10:00:00.123456789Z: nanoseconds that no double holds. */
export const T0 = 1_787_306_400_123_456_789n;

/** Seconds and nanoseconds after T0. */
export const at = (seconds: number, nanoseconds = 0n): Instant =>
  instant(T0 + BigInt(seconds) * 1_000_000_000n + nanoseconds);

export const moment = (when: Instant, precision = NANOSECOND): Moment => ({ at: when, precision });

export const proof = (text: string, line?: number): Proof => ({
  source: 'prod/llama-0/main/0',
  ...(line === undefined ? {} : { line }),
  text,
  rule: 'a-rule',
});

export const placed = (where: PlacedProof['at'], text: string, line?: number): PlacedProof => ({
  at: where,
  ...proof(text, line),
});

export function phase(name: PhaseName, start: Instant, end: Instant, more: Partial<Phase> = {}): Phase {
  return {
    name,
    parent: parentOf(name) ?? 'endpoint_startup',
    occurrence: 0,
    container: 'main',
    restart: 0,
    process: 0,
    start: moment(start),
    end: moment(end),
    certainty: 'observed',
    evidence: [],
    attributes: {},
    ...more,
  };
}

export function gap(
  parent: PhaseName,
  afterPhase: PhaseName,
  more: Partial<Gap> & Pick<Gap, 'start' | 'end'>,
): Gap {
  return { parent, afterPhase, occurrence: 0, container: 'main', restart: 0, process: 0, ...more };
}

export function startup(more: Partial<Startup> = {}): Startup {
  return {
    pod: {
      uid: podUid('test-pod-uid'),
      uidSynthetic: false,
      name: 'llama-0',
      namespace: 'prod',
      node: 'node-a',
    },
    attributes: {
      endpoint_name: 'llama',
      model_name: 'meta-llama/Llama-3-8B',
      gpu_type: 'nvidia-hopper-h100',
      num_gpus: 8,
      node_name: 'node-a',
      namespace: 'prod',
      image: 'registry.example:5000/vllm/vllm-openai:v0.11.0',
      image_tag: 'v0.11.0',
      region: 'us-west-2',
    },
    attempt: 0,
    container: 'main',
    restart: 0,
    process: 0,
    engine: { name: 'vllm', version: '0.11.0' },
    outcome: 'ready',
    class: 'cold',
    start: moment(at(0), SECOND),
    end: moment(at(61, 7n)),
    evidence: [placed('start', 'creationTimestamp'), placed('end', 'Application startup complete.', 90)],
    coverage: 0.97,
    phases: [],
    gaps: [],
    missing: [],
    conflicts: [],
    advice: [],
    ...more,
  };
}

/** Attempt 0: out of GPU memory while loading weights. */
export const FAILED = startup({
  outcome: 'failed',
  failure: {
    phase: 'weight_loading',
    cause: 'out_of_gpu_memory',
    evidence: proof('torch.OutOfMemoryError: CUDA out of memory.', 57),
  },
  end: moment(at(30)),
  phases: [
    phase('pod_pending', at(0), at(2), {
      container: null,
      start: moment(at(0), SECOND),
      end: moment(at(2), SECOND),
    }),
    phase('image_pull', at(2), at(2), { attributes: { 'image.cached': true } }),
    phase('startup', at(5), at(30), { certainty: 'open' }),
    phase('vllm_init', at(9), at(30), { certainty: 'open' }),
    phase('weight_loading', at(12, 1n), at(30), { certainty: 'open' }),
  ],
  gaps: [
    gap('endpoint_startup', 'image_pull', {
      start: at(2),
      end: at(5),
      container: null,
      before: proof('Container image already present'),
      next: proof('Started container main'),
    }),
  ],
});

/** Attempt 1 of the same pod: ready. */
export const READY = startup({
  attempt: 1,
  restart: 1,
  start: moment(at(30)),
  podTotal: duration(61_000_000_007n),
  phases: [
    phase('startup', at(33), at(61, 7n), { restart: 1 }),
    phase('vllm_init', at(36), at(60), { restart: 1 }),
    phase('weight_loading', at(40), at(52, 340_000_001n), {
      restart: 1,
      certainty: 'derived',
      start: moment(at(40), SECOND),
      reported: 12.34,
      ranks: { count: 8, slowest: 'TP3', spread: duration(800_000_000n) },
      attributes: { weights_gib: 14.96 },
      evidence: [placed('end', 'Model loading took 14.96 GiB and 12.34 seconds', 42)],
    }),
    phase('server_ready', at(60), at(61, 7n), { restart: 1 }),
  ],
  gaps: [gap('vllm_init', 'weight_loading', { start: at(52, 340_000_001n), end: at(60), restart: 1 })],
  missing: [{ phase: 'torch_compile', why: 'eager mode', legitimate: true }],
});

/** A bare file: nothing is known of any pod. */
export const BARE = startup({
  pod: { uid: podUid('0123'), uidSynthetic: true, name: null, namespace: null, node: null },
  attributes: {},
  container: null,
  class: 'unknown',
  outcome: 'incomplete',
});

export const SETTINGS = {
  traceIdScheme: 'md5',
  serviceName: 'vllm-startup',
  clusterName: 'prod-eu',
} as const;
