// A startup: one attempt of one pod to become ready, as the assembly tells it.

import type { Duration, Instant } from '../base/instant.ts';
import type { Group } from './group.ts';
import type { PodUid } from './ids.ts';
import type { Cause, FactValue, Moment, Proof } from './mark.ts';
import type { PhaseName } from './phase.ts';

/** observed: both ends seen. derived: an end computed or borrowed. open: never ended. */
export type Certainty = 'observed' | 'derived' | 'open';

export type Outcome = 'ready' | 'failed' | 'incomplete';

export type StartClass = 'cold' | 'warm' | 'hot' | 'unknown';

export interface PlacedProof extends Proof {
  readonly at: 'start' | 'end';
}

/** What several ranks of one phase had to say. */
export interface Ranks {
  readonly count: number;
  readonly slowest: string;
  readonly spread: Duration;
}

/**
 * How long it took is not known, and nobody may count what lies between its ends. Either its end was seen before its
 * beginning, by more than can be known (a conflict says so, and both ends stand at one moment); or of a start
 * nothing tells but that a later one counts it: then it ends where that one began.
 */
export type LengthUnknown = true;

export interface Phase {
  readonly name: PhaseName;
  readonly parent: PhaseName;
  readonly occurrence: number;
  /** null for pod-level phases. */
  readonly container: string | null;
  /** Restart count of that container and index of the process start in that run; parts of the span id. */
  readonly restart: number;
  readonly process: number;
  readonly start: Moment;
  readonly end: Moment;
  readonly lengthUnknown?: LengthUnknown;
  readonly certainty: Certainty;
  /** Seconds that the program itself printed. */
  readonly reported?: number;
  readonly ranks?: Ranks;
  /** Evidence of both ends; the first of each side is the one that was taken. */
  readonly evidence: readonly PlacedProof[];
  readonly attributes: Readonly<Record<string, FactValue>>;
  /** Why and where an end was moved, in words: "start clamped by 0.4 s into startup". */
  readonly clamped?: string;
}

/** An interval of `parent` that none of its children explains. */
export interface Gap {
  readonly parent: PhaseName;
  /** The child that ended before it; the parent itself when the gap opens the parent. */
  readonly afterPhase: PhaseName;
  readonly occurrence: number;
  readonly container: string | null;
  readonly restart: number;
  readonly process: number;
  readonly start: Instant;
  readonly end: Instant;
  /** The evidence before and after the silence. */
  readonly before?: Proof;
  readonly next?: Proof;
}

export interface Missing {
  readonly phase: PhaseName;
  readonly why: string;
  /** true: it legitimately did not happen. false: a marker that should be there was not found. */
  readonly legitimate: boolean;
}

export interface Failure {
  readonly phase: PhaseName | undefined;
  readonly cause: Cause;
  readonly evidence: Proof;
}

export interface Conflict {
  readonly what: string;
  readonly says: string;
}

/** One of vLLM's own spans (or several alike: ranks, pieces of a graph) beside what the log alone says. */
export interface NativeRow {
  readonly name: string;
  readonly count: number;
  readonly start: Moment;
  readonly end: Moment;
  /** Of alike ones that do not overlap: the sum. */
  readonly length: Duration;
  readonly failed: boolean;
  /** The phase that it is a witness of. */
  readonly phase?: PhaseName;
  /** That phase by the log alone; without an end when it never ended there. */
  readonly said?: { readonly start: Moment; readonly end?: Moment; readonly certainty: Certainty };
  /** Span − log; absent where one of both does not tell, or where they are not the same border. */
  readonly startApart?: Duration;
  readonly endApart?: Duration;
  /** What the difference means, when it is more than precision. */
  readonly note?: string;
}

export interface StartupPod {
  readonly uid: PodUid;
  readonly uidSynthetic: boolean;
  readonly name: string | null;
  readonly namespace: string | null;
  readonly node: string | null;
}

export interface Startup {
  readonly pod: StartupPod;
  /** The seed's attributes: endpoint_name, model_name, gpu_type, num_gpus, node_name, namespace, image_tag, region, and the rest that is known. */
  readonly attributes: Readonly<Record<string, FactValue>>;
  /** 0 for the first attempt of the pod. */
  readonly attempt: number;
  readonly container: string | null;
  /** Restart count of the container, and index of the process start within that run. */
  readonly restart: number;
  readonly process: number;
  readonly engine?: { readonly name: string; readonly version?: string };
  readonly outcome: Outcome;
  readonly class: StartClass;
  readonly failure?: Failure;
  /** For an incomplete start: the phase that is silent, and since when until the last evidence. */
  readonly silent?: { readonly phase: PhaseName; readonly since: Instant; readonly lasting: Duration };
  /** Why it is incomplete, when the evidence says ("Job ended without an engine", "sglang is not analysed"). */
  readonly note?: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly lengthUnknown?: LengthUnknown;
  /** Evidence of the root's own ends. */
  readonly evidence: readonly PlacedProof[];
  /** Share of the root that is not in gaps, 0 to 1; of a root whose length is not known it says nothing. */
  readonly coverage: number;
  readonly phases: readonly Phase[];
  readonly gaps: readonly Gap[];
  readonly missing: readonly Missing[];
  readonly conflicts: readonly Conflict[];
  /** vLLM's own spans of this start, compared; absent when there are none. */
  readonly nativeSpans?: readonly NativeRow[];
  /** On the last attempt of a pod with several: pod created → ready. */
  readonly podTotal?: Duration;
  /** The pods that start one endpoint together, when this pod is one of several. */
  readonly group?: Group;
  /** What would make the answer better next time, in words. */
  readonly advice: readonly string[];
}
