// What is known of one pod, gathered: its story and the logs of its containers.

import type { PodUid } from '../model/ids.ts';
import type { LogRun } from '../model/log-run.ts';
import type { NativeSpan } from '../model/native-span.ts';
import type { PodStory } from '../model/pod-story.ts';

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
  readonly story: PodStory | undefined;
  readonly logs: readonly LogRun[];
  /** Absent: vLLM's own spans tell nothing of this pod. */
  readonly native?: readonly NativeStart[];
}
