// A mark: what one piece of evidence says about one phase.
//
// Marks are a set. Nothing downstream may depend on the order in which they
// were read, on how often, or on the file they happened to lie in.

import { type Duration, duration, type Instant } from '../base/instant.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { PhaseName } from './phase.ts';

/** A moment known to lie in [at, at + precision). */
export interface Moment {
  readonly at: Instant;
  readonly precision: Duration;
}

/** Of a moment in a log without any clock: it stands at the epoch, and nothing is known of when it was. */
export const UNKNOWN_PRECISION: Duration = duration(2n ** 62n);

export const isUnknown = ({ precision }: Moment): boolean => precision >= UNKNOWN_PRECISION;

/** Where something was said, so that a person can look it up. */
export interface Proof {
  /** Logical: `pod/container/run`, the base name of a file, `event/<name>`, `pod/<name>`. Never where it lay. */
  readonly source: string;
  /** Counted from 1, split at LF only. Absent for events and pod records. */
  readonly line?: number;
  /** The line, redacted and cut. */
  readonly text: string;
  /** Id of the rule that spoke. */
  readonly rule: string;
  /** The span of vLLM's own that this is, when it is one: for links. */
  readonly span?: { readonly name: string; readonly traceId: TraceId; readonly spanId: SpanId };
}

/** First causes of a failed start, in the words of the people who run into them. */
export type Cause =
  | 'out_of_gpu_memory'
  | 'out_of_memory'
  | 'kv_cache_too_small'
  | 'nccl'
  | 'distributed_init'
  | 'ray_cluster'
  | 'model_not_found'
  | 'weights_not_found'
  | 'weights_mismatch'
  | 'download_failed'
  | 'port_in_use'
  | 'import_failure'
  | 'bad_arguments'
  | 'device_unavailable'
  | 'compile_error'
  | 'kernel_error'
  | 'memory_profiling'
  | 'engine_died'
  | 'worker_died'
  | 'timeout'
  | 'signal'
  | 'image_pull'
  | 'container_config'
  | 'container_create'
  | 'probe_kill'
  | 'crash'
  /** It was started again before it was ready; what ended it nobody saw. */
  | 'restarted'
  | 'evicted'
  | 'preempted'
  | 'deleted'
  | 'deadline_exceeded'
  | 'unschedulable'
  | 'exception';

export type FactValue = string | number | boolean;

/** What a rule says when it matches; data, so that documentation can be made of it. */
export type Saying =
  /** A line of this process, nothing more: it lived here. */
  | { readonly kind: 'seen' }
  /** The phase began here. */
  | { readonly kind: 'began'; readonly phase: PhaseName }
  /** The phase ended here. */
  | { readonly kind: 'ended'; readonly phase: PhaseName }
  /**
   * The phase ended here and printed its own duration. `whole`: the number
   * measures the whole phase, so end − took is its beginning when nothing else tells.
   */
  | { readonly kind: 'lasted'; readonly phase: PhaseName; readonly took: Duration; readonly whole: boolean }
  /** Progress inside a phase (a bar, a finished object): the phase was under way. */
  | { readonly kind: 'during'; readonly phase: PhaseName }
  /** A process of the engine printed its banner or arguments: a start begins here, or is still beginning. */
  | { readonly kind: 'process_began' }
  /** A record that only appears once the engine is ready (ends vllm_init). */
  | { readonly kind: 'after_engine' }
  /** HTTP answers (or the offline engine works). */
  | { readonly kind: 'ready' }
  /** Something went wrong. `root`: this names the cause; otherwise it is a consequence ("see above"). */
  | { readonly kind: 'failed'; readonly cause: Cause; readonly root: boolean }
  /** The phase will legitimately not happen, and why. */
  | { readonly kind: 'absent'; readonly phase: PhaseName; readonly why: string }
  /** A fact about the start (model_name, vllm_version, weights_gib …), attached to `phase` when given. */
  | { readonly kind: 'fact'; readonly name: string; readonly value: FactValue; readonly phase?: PhaseName };

/**
 * After "ready" only what can begin a new attempt, or prove a failure, matters:
 * sleep, reloads and adapters print the lines of a start all over again.
 */
export function outlivesReady(says: { readonly kind: Saying['kind']; readonly phase?: PhaseName }): boolean {
  switch (says.kind) {
    case 'process_began':
    case 'ready':
    case 'failed':
      return true;
    case 'began':
    case 'during':
    case 'ended':
    case 'lasted':
      return says.phase === 's5cmd_download' || says.phase === 'ray_cluster_init';
    default:
      return false;
  }
}

/** Which process of the container spoke, as its own prefix says. */
export interface Speaker {
  /** APIServer, EngineCore_DP0, Worker_TP3, RayWorkerWrapper …; '' when the line has no prefix. */
  readonly name: string;
  readonly pid?: number;
  readonly ip?: string;
}

/** One saying at one moment, with its proof. */
export interface Mark {
  readonly says: Saying;
  readonly when: Moment;
  readonly proof: Proof;
  readonly speaker: Speaker;
  /** "[repeated 7x across cluster]": how many alike lines this one stands for; 1 normally. */
  readonly copies: number;
}
