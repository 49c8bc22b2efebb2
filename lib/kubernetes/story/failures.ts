// What went wrong with a pod, in time order: the first is the first cause.

import type { Cause } from '../../model/mark.ts';
import type { PodFailure } from '../../model/pod-story.ts';
import { restartAt } from './container-runs.ts';
import { type Course, endOf } from './course.ts';
import { eventFailures } from './event-failures.ts';
import { objectFailures, waitingFailures } from './object-failures.ts';
import { byNumber } from './proofs.ts';
import { runFailures } from './run-failures.ts';
import { seenOf } from './sights.ts';
import { stopFailures } from './stop-failures.ts';

/** Unhealthy is no failure: a probe that fails during a start is how waiting looks. */
export function podFailures(course: Course): readonly PodFailure[] {
  const found = [
    ...eventFailures(course),
    ...probeKills(course),
    ...nodeEvictions(course),
    ...runFailures(course),
    ...objectFailures(course),
  ];
  const stops = found.some(({ cause }) => ENDS_OF_PODS.has(cause)) ? [] : stopFailures(course);
  const waiting = waitingFailures(course).filter((one) => !found.some((other) => isSame(one, other)));
  return [...found, ...stops, ...waiting].sort(byCourse);
}

/** Why a whole pod goes: then its containers are stopped. */
const ENDS_OF_PODS: ReadonlySet<Cause> = new Set<Cause>([
  'deadline_exceeded',
  'preempted',
  'evicted',
  'deleted',
]);

/** The kubelet's own word, where its events are gone. */
function probeKills({ evidence, runs }: Course): readonly PodFailure[] {
  return seenOf(evidence, 'probe_killed').map(({ saw, when, proof }) => ({
    cause: 'probe_kill',
    phase: 'startup',
    when,
    proof,
    container: saw.container,
    restart: Math.max(0, restartAt(runs, saw.container, when) - 1),
  }));
}

/** The kubelet cleared its node and says so once the containers are gone. */
const nodeEvictions = ({ evidence }: Course): readonly PodFailure[] =>
  seenOf(evidence, 'evicted').map(({ when, proof }) => ({
    cause: 'evicted',
    phase: undefined,
    when,
    proof,
    container: null,
    restart: 0,
  }));

const isSame = (a: PodFailure, b: PodFailure): boolean => a.cause === b.cause && a.container === b.container;

/** In one instant the consequence sorts after what the rank calls a cause. */
function byCourse(a: PodFailure, b: PodFailure): number {
  return (
    byNumber(endOf(a.when), endOf(b.when)) || byNumber(rankOf(a), rankOf(b)) || byNumber(a.restart, b.restart)
  );
}

const RANKS: readonly Cause[] = [
  'deadline_exceeded',
  'preempted',
  'evicted',
  'deleted',
  'probe_kill',
  'image_pull',
];

const rankOf = ({ cause }: PodFailure): number => {
  const rank = RANKS.indexOf(cause);
  return rank === -1 ? RANKS.length : rank;
};
