// What is known of one pod, gathered: its story and the logs of its containers.

import type { PodUid } from '../model/ids.ts';
import type { LogRun } from '../model/log-run.ts';
import type { PodStory } from '../model/pod-story.ts';

export interface PodEvidence {
  readonly uid: PodUid;
  /** True when no pod claimed the log and the uid was made of its content. */
  readonly uidSynthetic: boolean;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly story: PodStory | undefined;
  readonly logs: readonly LogRun[];
}
