// Several pods that start one endpoint together: who leads, who joined, whom the others waited for.

import type { Duration } from '../base/instant.ts';
import type { PodUid } from './ids.ts';
import type { Moment, Proof } from './mark.ts';
import type { PhaseName } from './phase.ts';

/**
 * What makes the pods a group. The first two are told by labels; `ray` and
 * `vllm` by what logs and commands say of their head node.
 */
export type GroupKind = 'leaderworkerset' | 'raycluster' | 'ray' | 'vllm';

export type GroupRole = 'leader' | 'worker';

/** What a pod's labels say of its group. */
export interface GroupClaim {
  readonly kind: 'leaderworkerset' | 'raycluster';
  /** The same for all pods of the group, and for no other group of the namespace; not for one generation of it only. */
  readonly key: string;
  /** Of the LeaderWorkerSet, of the RayCluster. */
  readonly name: string;
  /** Which replica of the set. */
  readonly index?: number;
  readonly role: GroupRole;
  /** 0 for a leader. */
  readonly rank?: number;
  /** Pods of the whole group, the leader among them. */
  readonly size?: number;
  /** The label that says so. */
  readonly because: string;
}

/** By what its members are compared. */
export type JoinedBy = 'joined' | 'engine_ready' | 'container_started';

export interface GroupMember {
  /** The pod's name; of a bare log, the name of the file. */
  readonly pod: string;
  readonly uid: PodUid;
  /** Which of its startups: attempt, and the parts of the root's span id. */
  readonly attempt: number;
  readonly restart: number;
  readonly process: number;
  readonly role: GroupRole;
  readonly rank?: number;
  /** What proves that it belongs: a label, a line of its log, its command. */
  readonly because: string;
  /** When it was part of the cluster: Ray runs and has found its head. */
  readonly joined?: Moment;
  /** When its start was over, if it got there. */
  readonly ready?: Moment;
}

/** What the slowest did while the others waited; `not_created`: the pod did not exist yet. */
export interface Meanwhile {
  readonly what: PhaseName | 'gap' | 'not_created';
  readonly lasting: Duration;
}

export interface Slowest {
  readonly pod: string;
  readonly uid: PodUid;
  readonly by: JoinedBy;
  /** Absent: it never got there. */
  readonly at?: Moment;
  /** `first`: after the first member; `leader`: after the leader began to wait, when there is no other to compare with. */
  readonly after: 'first' | 'leader';
  /** Until it got there, or until the leader's start ended without it. */
  readonly lasting: Duration;
  /** Absent: not known. */
  readonly meanwhile?: Meanwhile;
  readonly proof?: Proof;
}

export interface Group {
  readonly kind: GroupKind;
  readonly name: string;
  readonly index?: number;
  /** As declared; absent: nobody said. */
  readonly size?: number;
  readonly role: GroupRole;
  readonly rank?: number;
  /** Of a worker: the leader's startup, when it is among the evidence. */
  readonly leader?: GroupMember;
  /** Of a leader: itself first, then the others by rank and name. */
  readonly members: readonly GroupMember[];
  readonly slowest?: Slowest;
}

/** What a group is called and who the pod is in it: the part that every way of telling begins with. */
export type GroupHead = Pick<Group, 'kind' | 'name' | 'index' | 'size' | 'role' | 'rank'>;

/** What is not known is left out. */
export function groupHead({
  kind,
  name,
  index,
  size,
  role,
  rank,
}: {
  readonly [Key in keyof GroupHead]: GroupHead[Key] | undefined;
} & Pick<Group, 'kind' | 'name' | 'role'>): GroupHead {
  return {
    kind,
    name,
    ...(index === undefined ? {} : { index }),
    ...(size === undefined ? {} : { size }),
    role,
    ...(rank === undefined ? {} : { rank }),
  };
}
