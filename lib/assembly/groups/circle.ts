// A circle: all pods that some evidence puts into one group, of whatever generation.

import type { GroupKind } from '../../model/group.ts';
import type { ToldPod } from './told-pod.ts';

export interface Bound {
  readonly pod: ToldPod;
  readonly rank?: number;
  /** What proves that it belongs. */
  readonly because: string;
}

export interface Circle {
  readonly kind: GroupKind;
  readonly name: string;
  readonly index?: number;
  readonly size?: number;
  /** Several when the group was made anew, none when the leader is not among the evidence. */
  readonly leaders: readonly Bound[];
  readonly workers: readonly Bound[];
}
