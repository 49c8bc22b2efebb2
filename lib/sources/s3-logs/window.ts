// Which keys and objects may hold events of a window: always [from, to) here.
//
// An event is written down when it arrives: after it happened, up to `lateness` later, and what collects
// objects keeps it for up to `buffering`. What a key's date means depends on the writer: the time of
// arrival (Firehose), of the object's first record (Fluent Bit), or of the event (Vector). And LastModified of
// a multipart upload is when the upload began (S3 user guide), so an object may hold what came later. All of
// them lie in [from − buffering, to + lateness + buffering), which is the one window that is asked.
// Dates in keys are taken for UTC.

import { after, before, type Duration, type Instant, instant, SECOND, seconds } from '../../base/instant.ts';

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

export interface Reach {
  /** How long a writer collects before it puts an object. */
  readonly buffering: Duration;
  /** How long an event may be on its way before that. */
  readonly lateness: Duration;
}

/** Fluent Bit puts after 10 minutes, Firehose after at most 15; a node that was cut off may be later than 45. */
export const REACH: Reach = { buffering: seconds(900), lateness: seconds(2700) };

/** When objects with events of [from, to) are written. */
export const writtenWindow = ({ from, to }: Window, { buffering, lateness }: Reach): Window => ({
  from: before(from, buffering),
  to: after(after(to, lateness), buffering),
});

export const isEmpty = ({ from, to }: Window): boolean => from >= to;

export const touches = (a: Window, b: Window): boolean => a.from < b.to && b.from < a.to;

export const isInside = (inner: Window, outer: Window): boolean =>
  inner.from >= outer.from && inner.to <= outer.to;

const UNITS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** The time that folders of a key name: `2026/11/22/02/`, `date=2026-11-22/`, `year=2026/month=11/`. */
export interface Partition extends Window {
  readonly unit: (typeof UNITS)[number];
  /** Index in the key of the first character of the folders that name it. */
  readonly start: number;
  /** Index behind their last slash. */
  readonly end: number;
}

const NAME = '(?:[A-Za-z_]{1,20}=)?';
const YEAR = new RegExp(`^${NAME}(20\\d\\d)$`);
const DAY = new RegExp(`^${NAME}(20\\d\\d)(-?)(\\d\\d)\\2(\\d\\d)(?:[-T](\\d\\d))?$`);
const NUMBER = new RegExp(`^${NAME}(\\d\\d)$`);

/** The first folders that name a time; undefined when none do. What stands behind the last slash is no folder. */
export function partitionOf(key: string): Partition | undefined {
  const folders = key.split('/').slice(0, -1);
  for (let start = 0, index = 0; index < folders.length; index += 1) {
    const found = partitionAt(folders, index);
    if (found !== undefined) return placed(found, start, folders.slice(index));
    start += (folders[index]?.length ?? 0) + 1;
  }
  return undefined;
}

interface Dated {
  /** Year, month, day, hour, minute, second: as many as are named. */
  readonly parts: readonly number[];
  readonly folders: number;
}

function placed({ parts, folders }: Dated, start: number, named: readonly string[]): Partition | undefined {
  const from = momentOf(parts);
  const last = parts.length - 1;
  const next = momentOf(parts.map((part, index) => (index === last ? part + 1 : part)));
  const unit = UNITS[last];
  const length = named.slice(0, folders).reduce((sum, folder) => sum + folder.length + 1, 0);
  return unit === undefined ? undefined : { from, to: next, unit, start, end: start + length };
}

/** Months and days count from 1; what is too big runs over into the next. */
function momentOf([year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]) {
  return instant(BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1_000_000n);
}

function partitionAt(folders: readonly string[], at: number): Dated | undefined {
  const first = firstParts(folders[at] ?? '');
  if (first === undefined || !isDate(first)) return undefined;
  const parts = [...first];
  let folder = at + 1;
  for (; folder < folders.length && parts.length < UNITS.length; folder += 1) {
    const number = NUMBER.exec(folders[folder] ?? '')?.[1];
    if (number === undefined || !isDate([...parts, Number(number)])) break;
    parts.push(Number(number));
  }
  return { parts, folders: folder - at };
}

function firstParts(folder: string): readonly number[] | undefined {
  const day = DAY.exec(folder);
  if (day !== null) return [day[1], day[3], day[4], day[5]].filter((part) => part !== undefined).map(Number);
  const year = YEAR.exec(folder)?.[1];
  return year === undefined ? undefined : [Number(year)];
}

/** No 31st of April, and no hour 24. */
function isDate(parts: readonly number[]): boolean {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** How a kind of object is to be judged where its key names no time. */
export type Written =
  /** By whoever collected it: LastModified is about when its events arrived. */
  | 'at once'
  /** Copied or exported some day: LastModified is only later than its events. */
  | 'some day';

export interface Judged {
  readonly key: string;
  readonly modified: Instant;
  readonly written: Written;
}

export type Verdict = 'read' | 'earlier' | 'later' | 'elsewhere';

/** `elsewhere`: its key names another time. `window` is the one of `writtenWindow`. */
export function judge({ key, modified, written }: Judged, window: Window, reach: Reach): Verdict {
  const partition = partitionOf(key);
  if (partition !== undefined && !touches(partition, window)) return 'elsewhere';
  // It was written within the second that LastModified names.
  if (after(modified, SECOND) <= window.from) return 'earlier';
  return tellsArrival({ key, modified, written }, partition, reach) && modified >= window.to
    ? 'later'
    : 'read';
}

/** An object that was written long after the time of its key is a copy: when it was made tells nothing. */
function tellsArrival(
  { modified, written }: Judged,
  partition: Partition | undefined,
  reach: Reach,
): boolean {
  if (partition === undefined) return written === 'at once';
  return modified < writtenWindow(partition, reach).to;
}
