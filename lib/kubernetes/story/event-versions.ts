// Events in their latest version, with every time of them that anything told.
//
// One event is known by its uid, or, where a request to create it is all that is
// left, by its name, reason and first moment. Repetitions may be told by patches
// alone, which name the event and nothing else of it.

import { byText } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import type { EventPatchRecord } from '../objects/event-patch-record.ts';
import type { EventRecord } from '../objects/event-record.ts';
import { groupedBy } from '../objects/grouped.ts';
import { byNumber } from './proofs.ts';
import { recordText } from './record-text.ts';

/** One time that an event happened; its first is index 0. */
export interface Occurrence {
  readonly index: number;
  readonly at: Moment;
}

/** An event in its latest version, with every time of it that any version told. */
export interface PodEvent extends EventRecord {
  /** By index; a dump alone tells the first and the last. */
  readonly occurrences: readonly Occurrence[];
}

/** The events, and every patch as one more version of the event that it repeats; what repeats an unknown event tells nothing. */
export function withRepetitions(
  events: readonly EventRecord[],
  patches: readonly EventPatchRecord[],
): readonly EventRecord[] {
  if (patches.length === 0) return events;
  const known = new Map([...groupedBy(events, ownName)].map(([name, versions]) => [name, theOne(versions)]));
  const repeated = patches.flatMap((patch) =>
    versionOf(patch, known.get(`${patch.namespace}/${patch.name}`)),
  );
  return [...events, ...repeated];
}

/** An event lies in the namespace of what it is about. */
const ownName = ({ pod, name }: EventRecord): string => `${pod.namespace ?? ''}/${name}`;

/** What all versions of an event agree on; undefined when the name was given to several. */
function theOne(versions: readonly EventRecord[]): EventRecord | undefined {
  const keys = new Set(versions.map((version) => `${version.pod.uid}\0${likeness(version)}`));
  return keys.size === 1 ? inOrder(versions)[0] : undefined;
}

function versionOf(patch: EventPatchRecord, event: EventRecord | undefined): readonly EventRecord[] {
  const { count, message = event?.message ?? '' } = patch;
  if (event === undefined || count === undefined) return [];
  return [{ ...event, version: -1, count, message, last: happened(patch) }];
}

/**
 * Inside the second that its reporter names, the microsecond at which the API
 * server heard of it is nearer (295 of 300 patches in the recordings); later, it
 * was only told late.
 */
function happened({ at, last }: EventPatchRecord): Moment {
  const isInside = last === undefined || (at.at >= last.at && at.at < last.at + last.precision);
  return isInside ? at : last;
}

export function mergeEvents(records: readonly EventRecord[]): readonly PodEvent[] {
  return [...sameEvents(records).values()].flatMap(mergeVersions).sort(byMoment);
}

function sameEvents(records: readonly EventRecord[]): ReadonlyMap<string, readonly EventRecord[]> {
  const likenesses = new Map<string, string>();
  for (const record of records) {
    const known = likenesses.get(record.uid);
    const own = likeness(record);
    if (hasUid(record) && (known === undefined || own < known)) likenesses.set(record.uid, own);
  }
  return groupedBy(records, (record) => likenesses.get(record.uid) ?? likeness(record));
}

/** The names of client-go hold the nanosecond of the first time; those of others may come again. */
const likeness = ({ uid, name, reason, first }: EventRecord): string =>
  name === '' ? uid : [name, reason, first === undefined ? uid : String(first.at)].join('\0');

const hasUid = (record: EventRecord): boolean => record.uid !== ownName(record);

function mergeVersions(versions: readonly EventRecord[]): readonly PodEvent[] {
  const ordered = inOrder(versions);
  const latest = ordered.at(-1);
  return latest === undefined ? [] : [{ ...latest, occurrences: occurrencesOf(ordered) }];
}

const inOrder = (versions: readonly EventRecord[]): readonly EventRecord[] =>
  versions
    .map((version) => ({ version, text: recordText(version) }))
    .sort((a, b) => byVersion(a.version, b.version) || byText(a.text, b.text))
    .map(({ version }) => version);

const byVersion = (a: EventRecord, b: EventRecord): number =>
  byNumber(a.count, b.count) || byNumber(a.version, b.version);

/** Version k of an aggregated event tells when its k-th occurrence was; of several witnesses the finest. */
function occurrencesOf(versions: readonly EventRecord[]): readonly Occurrence[] {
  const at = new Map<number, Moment>();
  const note = (index: number, moment: Moment): void => {
    at.set(index, finer(at.get(index), moment));
  };
  for (const { count, first, last } of versions) {
    if (first !== undefined) note(0, first);
    if (count > 1 && last !== undefined) note(count - 1, last);
  }
  return [...at].map(([index, moment]) => ({ index, at: moment })).sort((a, b) => a.index - b.index);
}

function finer(a: Moment | undefined, b: Moment): Moment {
  if (a === undefined) return b;
  return (byNumber(a.precision, b.precision) || byNumber(a.at, b.at)) <= 0 ? a : b;
}

function byMoment(a: PodEvent, b: PodEvent): number {
  const at = (event: PodEvent): bigint => event.first?.at ?? 2n ** 63n;
  return byNumber(at(a), at(b)) || byText(a.name, b.name) || byText(a.uid, b.uid);
}
