// What is known of one pod, gathered: its story and the logs of its containers.

import type { PodUid } from '../model/ids.ts';
import type { LogRun } from '../model/log-run.ts';
import type { NativeSpan } from '../model/native-span.ts';
import type { PodStory } from '../model/pod-story.ts';
import type { Edge } from './edge.ts';

/** What vLLM itself recorded of one process start. */
export interface NativeStart {
  readonly restart: number;
  readonly process: number;
  /** In the order of time. */
  readonly spans: readonly NativeSpan[];
}

export interface PodEvidence {
  readonly uid: PodUid;
  /** True when no pod claimed the log and the uid was made of its content. */
  readonly uidSynthetic: boolean;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Namespaces and names, where witnesses give several to this one uid. */
  readonly called?: readonly string[];
  readonly story: PodStory | undefined;
  readonly logs: readonly LogRun[];
  /** What the other pods of its group prove about a process start of it, by `processKey`. */
  readonly hints?: ReadonlyMap<string, GroupHint>;
  /** Absent: vLLM's own spans tell nothing of this pod. */
  readonly native?: readonly NativeStart[];
}

export interface GroupHint {
  /** Every other node had joined: told to a leader whose own lines do not say so. */
  readonly allJoined?: Edge;
  /** The leader was ready: told to its workers. */
  readonly served?: Edge;
}

/** One process start of a pod's main container. */
export const processKey = ({ restart, process }: { restart: number; process: number }): string =>
  `${restart}/${process}`;
