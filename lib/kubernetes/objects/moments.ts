// Moments as Kubernetes writes them, and the finer one that hides in an event's name.

import {
  after,
  type Duration,
  formatInstant,
  type Instant,
  instant,
  NANOSECOND,
  parseInstant,
  precisionOf,
  SECOND,
  seconds,
} from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';

/** 2015, when Kubernetes 1.0 came out, and 2100: what lies outside is no time of a pod. */
const FIRST = 1_420_070_400_000_000_000n;
const BEYOND = 4_102_444_800_000_000_000n;

export const isPlausible = (at: Instant): boolean => at >= FIRST && at < BEYOND;

/** How programs write "never": year 1 (Go), and the epoch (containerd's StartError). */
export const isZeroTime = (at: Instant): boolean =>
  at === 0n || formatInstant(at) === '0001-01-01T00:00:00.000000000Z';

/** Whatever is written as RFC 3339, plausible or not. */
export const momentLike = (value: unknown): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined;

/** metav1.Time (whole seconds, cut) or MicroTime. Undefined for zero times, what is no time of a pod, and whatever is no RFC 3339. */
export function momentOf(value: unknown): Moment | undefined {
  const at = momentLike(value);
  if (typeof value !== 'string' || at === undefined || !isPlausible(at)) return undefined;
  return { at, precision: precisionOf(value) };
}

/** The clock that made the name and the one that made eventTime are read 2 to 95 µs apart. */
const NAME_SLACK = seconds(0.005);

/** The first moment of an event, as finely as it is known. */
export interface EventTimes {
  readonly name: string;
  readonly firstTimestamp: unknown;
  readonly eventTime: unknown;
  readonly created: unknown;
}

/**
 * When an event first happened.
 *
 * client-go names an event `<object>.<hex of UnixNano>` and cuts the same
 * instant to the second for firstTimestamp, so the name is the better witness;
 * but anyone may create events, so it only counts when it agrees with the time
 * beside it. Since 1.33 the name may be a UUID.
 */
export function firstMoment({ name, firstTimestamp, eventTime, created }: EventTimes): Moment | undefined {
  const first = momentOf(firstTimestamp);
  const event = momentOf(eventTime);
  const named = nanosecondsIn(name);
  const agrees = named !== undefined && (isWithin(named, first, SECOND) || isNear(named, first ?? event));
  if (agrees) return { at: named, precision: NANOSECOND };
  return event ?? first ?? momentOf(created);
}

/** The instant in an event's name: 14 to 16 hexadecimal digits of nanoseconds behind the last dot. */
export function nanosecondsIn(name: string): Instant | undefined {
  const hex = /\.(?<hex>[0-9a-f]{14,16})$/.exec(name)?.groups?.['hex'];
  return hex === undefined ? undefined : instant(BigInt(`0x${hex}`));
}

/** In [first, first + 1 s): firstTimestamp is the same instant, cut. */
const isWithin = (named: Instant, first: Moment | undefined, span: Duration): boolean =>
  first !== undefined && first.precision === SECOND && named >= first.at && named < after(first.at, span);

/** Within a few milliseconds of a time that has microseconds. */
function isNear(named: Instant, event: Moment | undefined): boolean {
  if (event === undefined || event.precision === SECOND) return false;
  const off = named - event.at;
  return off <= NAME_SLACK && off >= -NAME_SLACK;
}
