// What the tellers of failures know of a pod's course.

import type { Cause, Moment } from '../../model/mark.ts';
import type { PhaseName } from '../../model/phase.ts';
import type { ContainerRun, Witnessed } from '../../model/pod-story.ts';
import type { PodEvidence } from './evidence.ts';

export interface Course {
  readonly evidence: PodEvidence;
  readonly runs: readonly ContainerRun[];
  readonly scheduled: Witnessed | undefined;
  /** The last that is known of the pod. */
  readonly last: Witnessed | undefined;
}

/** What failed, and in which phase. */
export interface Kind {
  readonly cause: Cause;
  readonly phase: PhaseName | undefined;
}

/** A whole second may be any instant in it: compared by its end, so that a finer witness of the cause comes first. */
export const endOf = (when: Moment): bigint => when.at + when.precision;
