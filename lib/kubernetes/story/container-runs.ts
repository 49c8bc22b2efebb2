// The runs of every container of a pod: what status keeps, joined with Started events.

import { SECOND, seconds } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { ContainerRun, StoryConflict, Witnessed } from '../../model/pod-story.ts';
import type { StatusRun } from '../objects/container-status.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import type { KnownContainer, PodEvent, PodEvidence } from './evidence.ts';
import { byNumber, eventSighting, podSighting } from './proofs.ts';
import { type SeenRun, seenRuns } from './seen-runs.ts';
import { believed } from './witnesses.ts';

/** Of more runs than this that only the restart count tells of, no more than the first is listed: `unlistedRuns` says so. */
const MOST_RUNS = 100;

/** A container that has been restarted for weeks: how many of its runs are known by the count alone. */
export function unlistedRuns(evidence: PodEvidence, runs: readonly ContainerRun[]): readonly StoryConflict[] {
  return evidence.containers.flatMap(({ name }) => {
    const restarts = restartCount(name, evidence) ?? 0;
    const known = runs.filter(({ container, restart }) => container === name && restart <= restarts);
    const unlisted = restarts + 1 - known.length;
    if (restarts < MOST_RUNS || unlisted <= 0) return [];
    const says = `${name} was restarted ${restarts} times as its status counts: of ${unlisted} runs nothing else is known, they are not told as attempts`;
    return [{ what: 'restarts', says, run: { container: name, restart: restarts } }];
  });
}

/** By container as the pod lists them, then restart. */
export function containerRuns(evidence: PodEvidence): readonly ContainerRun[] {
  return evidence.containers.flatMap((container) => runsOf(container, evidence));
}

function runsOf(container: KnownContainer, evidence: PodEvidence): readonly ContainerRun[] {
  const statuses = statusRuns(container.name, evidence);
  const restarts = restartCount(container.name, evidence);
  const seen = seenRuns(container.name, evidence, statuses);
  const starts = startsOf(container.name, evidence.events);
  const base = firstRestart(starts, datedStarts(statuses, seen), restarts);
  const started = groupedBy(starts, (start) => base + start.index);
  const counted = restarts ?? 0;
  const before = Array.from({ length: counted < MOST_RUNS ? counted : 1 }, (_, restart) => restart);
  const all = new Set([...before, ...statuses.keys(), ...started.keys(), ...seen.keys()]);
  return [...all].sort(byNumber).map((restart) =>
    runOf(container, {
      restart,
      run: statuses.get(restart),
      starts: started.get(restart) ?? [],
      seen: seen.get(restart),
    }),
  );
}

/** When runs began, as status or another witness says: what ties counted events to restart counts. */
function datedStarts(
  statuses: ReadonlyMap<number, DatedRun>,
  seen: ReadonlyMap<number, SeenRun>,
): ReadonlyMap<number, Moment> {
  const fromStatus = [...statuses].flatMap(([restart, { started }]) =>
    started === undefined ? [] : [[restart, started] as const],
  );
  const fromSight = [...seen].flatMap(([restart, { started }]) =>
    started[0] === undefined ? [] : [[restart, started[0].when] as const],
  );
  return new Map([...fromSight, ...fromStatus]);
}

interface Start {
  /** Of all starts of this container that events tell of. */
  readonly index: number;
  readonly at: Moment;
  readonly event: PodEvent;
}

/** Started events aggregate ("x4"); a restarted kubelet begins a new object: counted through, in time order. */
function startsOf(container: string, events: readonly PodEvent[]): readonly Start[] {
  let before = 0;
  const starts: Start[] = [];
  for (const event of events) {
    if (event.reason !== 'Started' || event.container !== container) continue;
    for (const { index, at } of event.occurrences) starts.push({ index: before + index, at, event });
    before += event.count;
  }
  return starts;
}

interface DatedRun extends StatusRun {
  readonly pod: PodRecord;
}

/** All runs that any version of the pod kept. The last version that has one also knows how it ended. */
function statusRuns(container: string, { versions }: PodEvidence): ReadonlyMap<number, DatedRun> {
  const runs = new Map<number, DatedRun>();
  for (const pod of versions) {
    for (const run of statusesOf(pod, container).flatMap((status) => status.runs)) {
      const known = runs.get(run.restart);
      if (known?.finished === undefined || run.finished !== undefined) runs.set(run.restart, { ...run, pod });
    }
  }
  return runs;
}

function restartCount(container: string, { versions }: PodEvidence): number | undefined {
  const counts = versions.flatMap((pod) => statusesOf(pod, container)).map((status) => status.restarts);
  return counts.length === 0 ? undefined : counts.reduce((a, b) => Math.max(a, b));
}

const statusesOf = (pod: PodRecord, container: string) =>
  pod.statuses.filter((status) => status.container === container);

/** startedAt is the runtime's second; the Started event comes 0.3 ms to some seconds after it. */
const SAME_START = seconds(5);

/**
 * Which restart the first known start belongs to.
 *
 * A start that status knows too decides, the closest pair first. Otherwise the
 * dumps are of different times (0), or older events were lost (count back from
 * the restart count).
 */
function firstRestart(
  starts: readonly Start[],
  dated: ReadonlyMap<number, Moment>,
  restarts: number | undefined,
): number {
  const pairs = starts.flatMap((start) => [...dated].flatMap(([restart, at]) => pairOf(start, restart, at)));
  const [best] = pairs.sort((a, b) => byNumber(a.off, b.off) || a.base - b.base);
  if (best !== undefined) return best.base;
  const known = (starts.at(-1)?.index ?? 0) + 1;
  return dated.size > 0 ? 0 : Math.max(0, (restarts ?? 0) + 1 - known);
}

interface Pair {
  readonly off: bigint;
  readonly base: number;
}

function pairOf(start: Start, restart: number, at: Moment): readonly Pair[] {
  if (restart < start.index) return [];
  const late = start.at.at - at.at;
  const off = late < 0n ? -late : late;
  return late > -SECOND && off <= SAME_START ? [{ off, base: restart - start.index }] : [];
}

interface RunWitnesses {
  readonly restart: number;
  readonly run: DatedRun | undefined;
  readonly starts: readonly Start[];
  readonly seen: SeenRun | undefined;
}

function runOf({ name, kind }: KnownContainer, { restart, run, starts, seen }: RunWitnesses): ContainerRun {
  const events = starts.map(({ event, at }) => eventSighting(event, at));
  return {
    container: name,
    kind,
    restart,
    started: believed('started', ...(seen?.started ?? []), ...events, startedAt(name, run)),
    finished: believed('finished', ...(seen?.finished ?? []), finishedAt(name, run)),
    exitCode: run?.exitCode ?? seen?.exitCode,
    reason: run?.reason ?? seen?.reason,
  };
}

function startedAt(container: string, run: DatedRun | undefined) {
  return (
    run &&
    podSighting(run.pod, { field: `${container}.startedAt`, when: run.started, rule: 'status.started' })
  );
}

function finishedAt(container: string, run: DatedRun | undefined) {
  if (run === undefined) return undefined;
  const says = [`exit code ${run.exitCode ?? 'unknown'}`, run.reason, run.message].filter(Boolean).join(', ');
  return podSighting(run.pod, {
    field: `${container}.finishedAt`,
    when: run.finished,
    rule: 'status.finished',
    says,
  });
}

/**
 * The restart that something at this moment led to: one more than the last run
 * that had surely begun by then.
 */
export function restartAt(runs: readonly ContainerRun[], container: string | null, at: Moment): number {
  const begun = runs
    .filter((run) => run.container === container)
    // A run that could not be started only has an end.
    .filter(({ started, finished }) => isBefore(started ?? finished, at))
    .map((run) => run.restart + 1);
  return Math.max(0, ...begun);
}

/** The same runs by the events' own clock: only by it can an event be before or behind a start. */
export const byEvents = (runs: readonly ContainerRun[]): readonly ContainerRun[] =>
  runs.map((run) => {
    const word = run.started?.seen?.find(({ proof }) => proof.rule === 'kubernetes.started');
    return run.started === undefined || word === undefined
      ? run
      : { ...run, started: { ...run.started, when: word.when } };
  });

const isBefore = (seen: Witnessed | undefined, at: Moment): boolean =>
  seen !== undefined && seen.when.at + seen.when.precision <= at.at;
