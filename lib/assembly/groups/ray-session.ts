// Ray's session name: the one thing in a worker's log that only its own head can have given it.

import type { Startup } from '../../model/startup.ts';
import { factsOf, rayPhase, type ToldPod } from './told-pod.ts';

/**
 * Whether worker and head are of one cluster; undefined when the logs do not say.
 *
 * Ray 2.60 (_private/node.py): the head calls its session after the instant
 * (its own local clock, to the microsecond) and its pid, right after it has printed
 * "Local node IP". Both print the name with --block; without, the head's line has
 * the same clock, and was seen 0 to 1 ms earlier.
 */
export function sameSession(worker: ToldPod, head: ToldPod): boolean | undefined {
  const own = factsOf(worker, 'ray.session').map(String);
  if (own.length === 0) return undefined;
  const printed = factsOf(head, 'ray.session').map(String);
  if (printed.length > 0) return own.some((session) => printed.includes(session));
  const starts = head.startups.flatMap(startClock);
  if (starts.length === 0) return undefined;
  return own.some((session) => starts.some((start) => isNamedAfter(session, start)));
}

/** `2026-11-22 02:34:40,469` in the head's first line of `ray start`; no zone, so that it is compared as it stands. */
const CLOCK = /(?<day>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d),(?<ms>\d{3})\t? {0,4}INFO scripts\.py/;

const SESSION =
  /^session_(?<day>\d{4}-\d\d-\d\d)_(?<hour>\d\d)-(?<minute>\d\d)-(?<second>\d\d)_(?<micros>\d{6})_/;

function startClock(startup: Startup): readonly number[] {
  const lines = rayPhase(startup)?.evidence.filter(({ at }) => at === 'start') ?? [];
  return lines.flatMap(({ text }) => {
    const groups = CLOCK.exec(text)?.groups;
    return groups === undefined ? [] : [Date.parse(`${groups['day']}T${groups['time']}.${groups['ms']}Z`)];
  });
}

/** Busy machines take their time between the line and the name. */
const LATEST_MS = 50;

function isNamedAfter(session: string, start: number): boolean {
  const groups = SESSION.exec(session)?.groups;
  if (groups === undefined) return false;
  const { day, hour, minute, second, micros = '' } = groups;
  const named = Date.parse(`${day}T${hour}:${minute}:${second}.${micros.slice(0, 3)}Z`);
  return named - start >= 0 && named - start <= LATEST_MS;
}
