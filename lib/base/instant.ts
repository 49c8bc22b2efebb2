// Moments and lengths of time, in whole nanoseconds.
//
// A JavaScript Date keeps milliseconds and a number keeps 53 bits; container
// runtimes stamp nanoseconds and OTLP carries them, so both are bigint here.
// The two brands keep a moment from being added to a moment.

import type { Brand } from './brand.ts';

/** A moment, in nanoseconds since the Unix epoch. */
export type Instant = Brand<bigint, 'Instant'>;

/** A length of time, in nanoseconds. */
export type Duration = Brand<bigint, 'Duration'>;

export const instant = (nanoseconds: bigint): Instant => nanoseconds as Instant;

export const duration = (nanoseconds: bigint): Duration => nanoseconds as Duration;

/** From a count of seconds as programs print it; rounded to the nanosecond. */
export const seconds = (n: number): Duration => duration(BigInt(Math.round(n * 1e9)));

export const toSeconds = (d: Duration): number => Number(d) / 1e9;

export const after = (at: Instant, d: Duration): Instant => instant(at + d);

export const before = (at: Instant, d: Duration): Instant => instant(at - d);

/** Negative when `to` is earlier than `from`. */
export const between = (from: Instant, to: Instant): Duration => duration(to - from);

export const earliest = (a: Instant, b: Instant): Instant => (b < a ? b : a);

export const latest = (a: Instant, b: Instant): Instant => (b > a ? b : a);

export const NANOSECOND = duration(1n);
export const MICROSECOND = duration(1_000n);
export const MILLISECOND = duration(1_000_000n);
export const SECOND = duration(1_000_000_000n);

const RFC3339 =
  /^(?<head>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:[.,](?<fraction>\d{1,9}))?(?<zone>[Zz]|[+-]\d\d:?\d\d)$/;

/**
 * Reads an RFC 3339 timestamp without losing its nanoseconds.
 * Returns undefined for anything else: a bad line is data, not an exception.
 */
export function parseInstant(text: string): Instant | undefined {
  const groups = RFC3339.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const zone = (groups['zone'] ?? 'Z').toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const ms = Date.parse(`${(groups['head'] ?? '').toUpperCase()}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  const fraction = BigInt((groups['fraction'] ?? '').padEnd(9, '0'));
  return instant(BigInt(ms) * 1_000_000n + fraction);
}

/** Writes an instant as RFC 3339 in UTC, always with nine fraction digits. */
export function formatInstant(at: Instant): string {
  const fraction = ((at % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const wholeSeconds = (at - fraction) / 1_000_000_000n;
  return `${new Date(Number(wholeSeconds) * 1000).toISOString().slice(0, 19)}.${fraction.toString().padStart(9, '0')}Z`;
}

/** The unit that a written timestamp resolves: `…:00.5Z` is good to 0.1 s. Source: its fraction digits. */
export function precisionOf(text: string): Duration {
  const digits = /[.,](\d{1,9})/.exec(text)?.[1]?.length ?? 0;
  return duration(10n ** BigInt(9 - digits));
}
