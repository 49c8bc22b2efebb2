// Moments as Kubernetes writes them, and the finer one that hides in an event's name.

import {
  after,
  type Duration,
  type Instant,
  instant,
  NANOSECOND,
  parseInstant,
  precisionOf,
  SECOND,
  seconds,
} from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';

/** 2010: before the first Kubernetes. Zero times come as year 1 (Go) and as 1970 (containerd's StartError). */
const EPOCH = 1_262_304_000_000_000_000n;

/** metav1.Time (whole seconds, cut) or MicroTime. Undefined for zero times and whatever is no RFC 3339. */
export function momentOf(value: unknown): Moment | undefined {
  if (typeof value !== 'string') return undefined;
  const at = parseInstant(value);
  return at === undefined || at < EPOCH ? undefined : { at, precision: precisionOf(value) };
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
