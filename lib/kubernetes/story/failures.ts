// What went wrong with a pod, in time order: the first is the first cause.

import { type Duration, seconds } from '../../base/instant.ts';
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
  const whole = found.filter((one) => !isCommand(one, found));
  const stops = found.some(({ cause }) => ENDS_OF_PODS.has(cause)) ? [] : stopFailures(course);
  const waiting = waitingFailures(course).filter((one) => !found.some((other) => isSame(one, other)));
  return [...whole, ...stops, ...waiting].sort(byCourse);
}

/**
 * Who preempts or evicts a pod marks it and then has it deleted (pkg/scheduler/framework/preemption, 1.26 to 1.36), and
 * says so in an event afterwards: that deletion is how it was done, no cause of its own.
 */
const isCommand = ({ cause, when }: PodFailure, found: readonly PodFailure[]): boolean =>
  cause === 'deleted' &&
  found.some(
    (other) =>
      (other.cause === 'preempted' || other.cause === 'evicted') &&
      other.container === null &&
      distance(other.when.at, when.at) <= ONE_ACT,
  );

/** A condition has whole seconds, the event comes once the deletion was answered. */
const ONE_ACT: Duration = seconds(5);

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

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
