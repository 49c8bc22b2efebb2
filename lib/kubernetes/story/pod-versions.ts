// All versions of one pod, oldest first, with patches of its status put where they belong.
//
// A patch (audit log at level Request) tells what changed, so it is applied to
// the version before it: nothing that it does not name is lost, and it never
// touches spec or labels. Patches have no resourceVersion; the time at which the
// API server got them is all that puts them in order.

import { byText } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import type { ContainerStatus, StatusRun } from '../objects/container-status.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { Condition, PodRecord, UntimedCondition } from '../objects/pod-record.ts';
import { byNumber } from './proofs.ts';
import { recordText } from './record-text.ts';

export function podVersions(records: readonly PodRecord[]): readonly PodRecord[] {
  const full = orderVersions(records.filter(({ isPatch }) => isPatch !== true));
  const patches = orderPatches(records.filter(({ isPatch }) => isPatch === true));
  return patches.length === 0 ? full : interleaved(full, patches);
}

/** resourceVersion decides; without one, the fuller status; then the text, so that the order is always the same. */
const orderVersions = (pods: readonly PodRecord[]): readonly PodRecord[] =>
  inOrder(pods, (a, b) => byNumber(a.version, b.version) || byNumber(fullness(a), fullness(b)));

/** Each once. The text of a record is longer than the record: it is asked only where nothing else decides. */
function inOrder(
  records: readonly PodRecord[],
  compare: (a: PodRecord, b: PodRecord) => number,
): readonly PodRecord[] {
  const ties: PodRecord[][] = [];
  for (const record of [...records].sort(compare)) {
    const before = ties.at(-1);
    if (before?.[0] !== undefined && compare(before[0], record) === 0) before.push(record);
    else ties.push([record]);
  }
  return ties.flatMap((tied) => (tied.length === 1 ? tied : byTheirText(tied)));
}

function byTheirText(records: readonly PodRecord[]): readonly PodRecord[] {
  const unique = new Map(records.map((record) => [recordText(record), record]));
  return [...unique].sort(([a], [b]) => byText(a, b)).map(([, record]) => record);
}

/** Deletion comes last; runs and conditions only ever get more. */
const fullness = (pod: PodRecord): number =>
  (pod.deleted === undefined ? 0 : 1000) +
  pod.statuses.reduce((sum, status) => sum + status.restarts + status.runs.length, 0) +
  pod.conditions.filter((condition) => condition.isTrue).length;

const orderPatches = (patches: readonly PodRecord[]): readonly PodRecord[] =>
  inOrder(patches, (a, b) => byNumber(heard(a), heard(b)));

const heard = ({ seen }: PodRecord): bigint => seen?.when.at ?? 0n;

/** Every patch behind the versions that do not come after it. */
function interleaved(full: readonly PodRecord[], patches: readonly PodRecord[]): readonly PodRecord[] {
  const places = groupedBy(patches, (patch) => full.findIndex((version) => isAfter(version, patch)));
  const versions: PodRecord[] = [];
  const follow = (patch: PodRecord): void => {
    versions.push(patched(versions.at(-1), patch));
  };
  full.forEach((version, place) => {
    places.get(place)?.forEach(follow);
    versions.push(version);
  });
  places.get(-1)?.forEach(follow);
  return versions;
}

/** A dump does not say when it was taken: it is the later one when it tells of something later, or all that the patch tells. */
function isAfter(version: PodRecord, patch: PodRecord): boolean {
  if (version.seen !== undefined) return heard(version) > heard(patch);
  return latestIn(version) > heard(patch) || holds(version, patch);
}

function latestIn({ conditions, statuses, created, deleted }: PodRecord): bigint {
  const runs = statuses.flatMap((status) => status.runs);
  const moments = [
    created,
    deleted,
    ...conditions.map(({ at }) => at),
    ...runs.flatMap(({ started, finished }) => [started, finished]),
  ];
  return moments.reduce((latest, moment) => (moment && moment.at > latest ? moment.at : latest), 0n);
}

function holds(version: PodRecord, { conditions, untimed = [], statuses, phase, start }: PodRecord): boolean {
  return (
    (phase === undefined || phase === version.phase) &&
    (start === undefined || start.at === version.start?.at) &&
    conditions.every((one) => version.conditions.some((other) => isSameCondition(one, other))) &&
    untimed.every((one) => version.conditions.some((other) => isSameTurn(one, other))) &&
    statuses.every((one) => version.statuses.some((other) => isSameStatus(one, other)))
  );
}

const isSameTurn = (a: UntimedCondition, b: Condition): boolean => a.type === b.type && a.isTrue === b.isTrue;

const isSameCondition = (a: Condition, b: Condition): boolean => isSameTurn(a, b) && a.at.at === b.at.at;

/** What waits again after the runs that `a` tells of is later. */
const isSameStatus = (a: ContainerStatus, b: ContainerStatus): boolean =>
  a.container === b.container &&
  (a.waiting === undefined || a.waiting.reason === b.waiting?.reason) &&
  a.runs.every((run) => b.runs.some((other) => isSameRun(run, other)));

const isSameRun = (a: StatusRun, b: StatusRun): boolean =>
  a.restart === b.restart && isSameMoment(a.started, b.started) && isSameMoment(a.finished, b.finished);

const isSameMoment = (a: Moment | undefined, b: Moment | undefined): boolean => a?.at === b?.at;

/** Without a version before it, the patch stands for itself. */
function patched(before: PodRecord | undefined, patch: PodRecord): PodRecord {
  const { untimed = [], ...known } = patch;
  if (before === undefined) return known;
  const { phase, reason, message, start, seen } = known;
  return {
    ...before,
    phase: phase ?? before.phase,
    reason: reason ?? before.reason,
    message: message === '' ? before.message : message,
    start: start ?? before.start,
    conditions: replaced(
      before.conditions.map((one) => flipped(one, untimed)),
      known.conditions,
      ({ type }) => type,
    ),
    statuses: replaced(before.statuses, known.statuses, ({ container }) => container),
    ...(seen === undefined ? {} : { seen }),
  };
}

/** It changed within the second that it has. */
function flipped(condition: Condition, untimed: readonly UntimedCondition[]): Condition {
  const turned = untimed.find(({ type }) => type === condition.type);
  return turned === undefined ? condition : { ...condition, ...turned };
}

function replaced<T>(old: readonly T[], news: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const merged = new Map([...old, ...news].map((one) => [keyOf(one), one]));
  return [...merged.values()];
}
