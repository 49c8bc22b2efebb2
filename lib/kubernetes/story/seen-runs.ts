// The runs of a container as the runtime, the kubelet, the audit log or a watch saw them.

import { type Duration, seconds } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { StatusRun } from '../objects/container-status.ts';
import type { PodEvidence } from './evidence.ts';
import type { Sighting } from './proofs.ts';
import { asSighting, type SightingOf, seenOf } from './sights.ts';

export interface SeenRun {
  /** In time order. */
  readonly started: readonly Sighting[];
  readonly finished: readonly Sighting[];
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

type Start = SightingOf<'container_started'>;
type Exit = SightingOf<'container_exited'>;

/** One run begins at most so far apart for its witnesses: the kubelet looks every second, and is late under load. */
const SAME: Duration = seconds(5);

/**
 * By restart count. A witness that counts attempts is believed; the start that another
 * saw belongs to the run that began within some seconds of it, and else, when nobody
 * counts, is one more run. An exit belongs to the last run that had begun.
 */
export function seenRuns(
  container: string,
  evidence: PodEvidence,
  statuses: ReadonlyMap<number, StatusRun>,
): ReadonlyMap<number, SeenRun> {
  const runs = new Map<number, { started: Start[]; finished: Exit[] }>();
  const at = (restart: number) => {
    const run = runs.get(restart) ?? { started: [], finished: [] };
    runs.set(restart, run);
    return run;
  };
  const begun = begunAt(container, evidence, statuses);
  for (const start of ofContainer(seenOf(evidence, 'container_started'), container)) {
    const restart = start.saw.attempt ?? nearest(begun, start.when) ?? nextOf(begun);
    if (!begun.has(restart)) begun.set(restart, start.when);
    at(restart).started.push(start);
  }
  for (const exit of ofContainer(seenOf(evidence, 'container_exited'), container)) {
    const restart = exit.saw.attempt ?? lastBegun(begun, exit.when);
    if (restart !== undefined) at(restart).finished.push(exit);
  }
  return new Map([...runs].map(([restart, { started, finished }]) => [restart, runFrom(started, finished)]));
}

const ofContainer = <Of extends Start | Exit>(all: readonly Of[], container: string): readonly Of[] =>
  all.filter(({ saw }) => saw.container === container);

/** Of everybody who counts. */
function begunAt(
  container: string,
  evidence: PodEvidence,
  statuses: ReadonlyMap<number, StatusRun>,
): Map<number, Moment> {
  const begun = new Map<number, Moment>();
  for (const { saw, when } of ofContainer(seenOf(evidence, 'container_started'), container))
    if (saw.attempt !== undefined && !begun.has(saw.attempt)) begun.set(saw.attempt, when);
  for (const [restart, { started }] of statuses)
    if (started !== undefined && !begun.has(restart)) begun.set(restart, started);
  return begun;
}

function nearest(begun: ReadonlyMap<number, Moment>, when: Moment): number | undefined {
  const near = [...begun]
    .map(([restart, at]) => ({ restart, off: distance(at.at, when.at) }))
    .filter(({ off }) => off <= SAME)
    .sort((a, b) => (a.off < b.off ? -1 : a.off > b.off ? 1 : a.restart - b.restart));
  return near[0]?.restart;
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

const nextOf = (begun: ReadonlyMap<number, Moment>): number => Math.max(-1, ...begun.keys()) + 1;

function lastBegun(begun: ReadonlyMap<number, Moment>, when: Moment): number | undefined {
  const before = [...begun].filter(([, at]) => at.at <= when.at + when.precision);
  return before.length === 0 ? undefined : Math.max(...before.map(([restart]) => restart));
}

function runFrom(started: readonly Start[], finished: readonly Exit[]): SeenRun {
  const told = finished.map(({ saw }) => saw);
  return {
    started: started.map(asSighting),
    finished: finished.map(asSighting),
    exitCode: told.map(({ exitCode }) => exitCode).find((code) => code !== undefined),
    reason: told.map(({ reason }) => reason).find((reason) => reason !== undefined),
  };
}
