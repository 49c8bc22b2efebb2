// Instants as envelopes write them: RFC 3339, epoch numbers of any unit, dates without a zone.

import {
  duration,
  instant,
  MICROSECOND,
  MILLISECOND,
  NANOSECOND,
  parseInstant,
  precisionOf,
} from '../base/instant.ts';
import type { Stamp } from '../model/line.ts';

/** `2026-09-18T13:00:00.123456789+10:00`; undefined for anything else. */
export function rfc3339Stamp(text: string): Stamp | undefined {
  const at = parseInstant(text);
  return at === undefined ? undefined : { at, precision: precisionOf(text), zoned: true };
}

/**
 * As Go's RFC3339Nano writes it (containerd, docker): trailing zeros are cut, so
 * `…:16.5Z` is good to the nanosecond. `always`: the writer is Go for sure; else
 * up to milliseconds it may be a service that knows no more.
 */
export function goStamp(text: string, always: boolean): Stamp | undefined {
  const stamp = rfc3339Stamp(text);
  if (stamp === undefined) return undefined;
  const isFine = always || stamp.precision < MILLISECOND;
  return isFine ? { ...stamp, precision: NANOSECOND } : stamp;
}

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?$/;

/** `2026-05-01 22:45:03.974`: a local clock, read as UTC and marked as such. */
export function zonelessStamp(text: string): Stamp | undefined {
  if (!WITHOUT_ZONE.test(text)) return undefined;
  const stamp = rfc3339Stamp(`${text.replace(' ', 'T')}Z`);
  return stamp === undefined ? undefined : { ...stamp, zoned: false };
}

/** A date with or without a zone, with a blank or a `T` in the middle. */
export const dateStamp = (text: string): Stamp | undefined =>
  zonelessStamp(text) ?? rfc3339Stamp(text.replace(' ', 'T'));

/** Nanoseconds since the epoch; OTLP/JSON writes them as text. A number has lost its last digits. 0 and '' mean unknown. */
export function nanosecondStamp(value: unknown): Stamp | undefined {
  if (typeof value === 'number')
    return value < 1e17 ? undefined : microsecondStamp(String(Math.floor(value / 1e3)));
  if (typeof value !== 'string' || !/^[1-9]\d{0,18}$/.test(value)) return undefined;
  return { at: instant(BigInt(value)), precision: NANOSECOND, zoned: true };
}

/** Microseconds since the epoch: journald's __REALTIME_TIMESTAMP, a string. */
export function microsecondStamp(value: unknown): Stamp | undefined {
  if (typeof value !== 'string' || !/^[1-9]\d{0,17}$/.test(value)) return undefined;
  return { at: instant(BigInt(value) * 1000n), precision: MICROSECOND, zoned: true };
}

/** Units by size; below 1973 in seconds nothing is a date. `top` is the first value of the next unit. */
const UNITS = [
  { top: 1e11, nanoseconds: 1e9 },
  { top: 1e14, nanoseconds: 1e6 },
  { top: 1e17, nanoseconds: 1e3 },
  { top: 9.2e18, nanoseconds: 1 },
] as const;

const FIRST_PLAUSIBLE = 1e8;

/**
 * Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by size:
 * Fluent Bit's `date` is 1597871185.922652, CloudWatch's `timestamp` 1763000000123.
 * A double keeps microseconds of a date, so a fraction counts as that.
 */
export function epochStamp(value: unknown): Stamp | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < FIRST_PLAUSIBLE) return undefined;
  const unit = UNITS.find(({ top }) => value < top);
  if (unit === undefined) return undefined;
  const whole = Math.floor(value);
  const scale = BigInt(unit.nanoseconds);
  const microseconds = BigInt(Math.round((value - whole) * (unit.nanoseconds / 1e3)));
  const at = instant(BigInt(whole) * scale + microseconds * 1000n);
  return { at, precision: Number.isInteger(value) ? duration(scale) : MICROSECOND, zoned: true };
}

/** Whatever a JSON record has as its time: text or number. */
export const anyStamp = (value: unknown): Stamp | undefined =>
  typeof value === 'string' ? dateStamp(value) : epochStamp(value);
