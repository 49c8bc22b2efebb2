// Calendar time without a zone, and the zones that turn it into instants.

import { type Duration, duration, type Instant, instant } from './instant.ts';
import { failed, ok, type Result } from './result.ts';

export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** How far a zone is ahead of UTC at a moment. */
export type Zone = (at: Instant) => Duration;

export const UTC: Zone = () => duration(0n);

/** The instant at which a clock in UTC shows this. A day that the month does not have rolls over, as Date does. */
export function civilToInstant(civil: CivilTime): Instant {
  const { year, month, day, hour, minute, second, nanosecond } = civil;
  return instant(
    BigInt(Date.UTC(year, month - 1, day, hour, minute, second)) * 1_000_000n + BigInt(nanosecond),
  );
}

export const yearOf = (at: Instant): number => new Date(Number(at / 1_000_000n)).getUTCFullYear();

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** What a local clock showed as if it were UTC → the instant. Right except inside a daylight-saving jump. */
export function fromLocal(shown: Instant, zone: Zone): Instant {
  const first = instant(shown - zone(shown));
  return instant(shown - zone(first));
}

const OFFSET = /^(?:UTC|GMT)?(?<sign>[+-])(?<hours>\d{1,2}):?(?<minutes>\d\d)?$/;

/** `Europe/Berlin`, `UTC`, `+02:00`. The error says what is allowed. */
export function parseZone(text: string): Result<Zone, string> {
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return ok(UTC);
  const groups = OFFSET.exec(text)?.groups;
  if (groups !== undefined) return ok(fixedZone(groups));
  return namedZone(text);
}

function fixedZone(groups: Readonly<Record<string, string | undefined>>): Zone {
  const minutes = Number(groups['hours']) * 60 + Number(groups['minutes'] ?? '0');
  const offset = duration(BigInt(groups['sign'] === '-' ? -minutes : minutes) * 60_000_000_000n);
  return () => offset;
}

function namedZone(name: string): Result<Zone, string> {
  const parts = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...parts });
    return ok((at) => offsetBy(format, at));
  } catch {
    return failed(
      `expected an IANA zone such as Europe/Berlin or an offset such as +02:00, got ${JSON.stringify(name)}`,
    );
  }
}

function offsetBy(format: Intl.DateTimeFormat, at: Instant): Duration {
  const ms = Number(at / 1_000_000n);
  const shown = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const get = (part: Intl.DateTimeFormatPartTypes): number => shown.get(part) ?? 0;
  const local = Date.UTC(
    get('year'),
    get('month') - 1,
    get('day'),
    get('hour'),
    get('minute'),
    get('second'),
  );
  return duration(BigInt(local - Math.floor(ms / 1000) * 1000) * 1_000_000n);
}
