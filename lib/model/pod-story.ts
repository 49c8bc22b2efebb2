// What Kubernetes says about one pod: who it is, and what happened to it.

import type { GroupClaim } from './group.ts';
import type { Identity } from './log-run.ts';
import type { Cause, FactValue, Moment, Proof } from './mark.ts';
import type { PhaseName } from './phase.ts';

/** unknown: only a node's journal names it, and nothing in its life says whether it is an init container. */
export type ContainerKind = 'main' | 'init' | 'sidecar' | 'unknown';

/** A phase that Kubernetes itself witnessed: both ends when both are known. */
export interface WitnessedPhase {
  readonly name: PhaseName;
  /** null for pod-level phases. */
  readonly container: string | null;
  readonly start: Witnessed | undefined;
  readonly end: Witnessed | undefined;
  /** Restart count of the container that this belongs to; 0 for pod-level phases and first pulls. */
  readonly restart: number;
  /** Duration that an event message printed. */
  readonly reported: number | undefined;
  readonly attributes: Readonly<Record<string, FactValue>>;
}

/** A moment with everything that proves it; the first proof is the one that was taken. */
export interface Witnessed {
  readonly when: Moment;
  readonly proofs: readonly Proof[];
  /** Computed (end − printed duration) or borrowed from a neighbour, not seen. */
  readonly derived?: true;
  /** All that was seen of it, each with its own moment; the first was taken. */
  readonly seen?: readonly Seen[];
}

/** A time at which the pod became Ready. */
export interface Readiness extends Witnessed {
  /** Restart counts by container, in the status that says so: of these runs it was, whatever clocks say. */
  readonly runs?: ReadonlyMap<string, number>;
}

/** One witness's word. */
export interface Seen {
  readonly when: Moment;
  readonly proof: Proof;
}

/** What cannot be true if everybody is right. */
export interface StoryConflict {
  readonly what: string;
  readonly says: string;
  /** The run that it is about; undefined: the pod. */
  readonly run: { readonly container: string; readonly restart: number } | undefined;
}

/** One run of one container as status and events tell it. */
export interface ContainerRun {
  readonly container: string;
  readonly kind: ContainerKind;
  readonly restart: number;
  readonly started: Witnessed | undefined;
  readonly finished: Witnessed | undefined;
  readonly exitCode: number | undefined;
  /** Completed, Error, OOMKilled, ContainerCannotRun … */
  readonly reason: string | undefined;
}

export interface ContainerSpec {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly image: string | undefined;
  readonly hasReadinessProbe: boolean;
  /** Command and arguments joined by blanks, redacted. */
  readonly command: string;
}

export interface PodFailure {
  readonly cause: Cause;
  readonly phase: PhaseName | undefined;
  readonly when: Moment;
  readonly proof: Proof;
  readonly container: string | null;
  readonly restart: number;
}

export interface PodStory {
  readonly identity: Identity;
  /** Where the pod's clock starts. */
  readonly created: Witnessed | undefined;
  readonly ready: Witnessed | undefined;
  /**
   * Every time the pod became Ready that is known, of all attempts, in time
   * order; `derived` where no probe delays it: then a container is Ready once it runs.
   */
  readonly readies?: readonly Readiness[];
  /** The pod object is gone or going, or its phase is Failed/Succeeded. */
  readonly ended: Witnessed | undefined;
  /** Last moment that any event or condition of this pod tells of. */
  readonly last: Witnessed | undefined;
  readonly phase: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, FactValue>>;
  readonly containers: readonly ContainerSpec[];
  readonly defaultContainer: string | undefined;
  readonly runs: readonly ContainerRun[];
  readonly phases: readonly WitnessedPhase[];
  readonly failures: readonly PodFailure[];
  readonly conflicts?: readonly StoryConflict[];
  /** Owner kind, for Jobs. */
  readonly owner: string | undefined;
  /** What its labels say of a group of pods that it belongs to. */
  readonly group?: GroupClaim;
  /** Its IPs: another pod's log may name them. */
  readonly addresses?: readonly string[];
  /** Hosts that its commands name as the head node of something to join. */
  readonly heads?: readonly string[];
  /** Whether a pod object and whether events were among the evidence. */
  readonly has: { readonly pod: boolean; readonly events: boolean };
}
