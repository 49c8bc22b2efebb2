// What came too late: starts, and phases of starts, that a slice of time has more of than when it was settled.
//
// A slice is read until nothing should come any more, then left alone. The next slices' reading reaches back over it
// all the same, so what it has now costs nothing to know; it is told, once, and a backfill can tell the starts.

import type { Rhythm } from './analyze-types.ts';
import { before, formatInstant, type Instant } from './base/instant.ts';
import type { Lease } from './ledger/lease.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type RecordedSlice, recordSlice } from './ledger/slices.ts';
import { isSettled, type Slice, slicesOf } from './ledger/window.ts';
import { isUnknown } from './model/mark.ts';
import type { Startup } from './model/startup.ts';

/** A start of a reading, as much of it as is compared. */
export interface Ended {
  readonly end: Instant;
  readonly phases: number;
}

export const endedOf = (startups: readonly Startup[]): readonly Ended[] =>
  startups.flatMap(({ end, phases }) => (isUnknown(end) ? [] : [{ end: end.at, phases: phases.length }]));

/** What is written down of a slice. */
export function countsIn({ from, to }: Slice, ended: readonly Ended[]): Readonly<Record<string, number>> {
  const own = ended.filter(({ end }) => from <= end && end < to);
  return { startups: own.length, phases: own.reduce((sum, { phases }) => sum + phases, 0) };
}

/** The slices before a stride that its reading holds, too. */
export const slicesBefore = ({ from }: Slice, { margin, step }: Rhythm): readonly Slice[] =>
  slicesOf({ from: before(from, margin), to: from }, step);

export interface Late {
  readonly slice: RecordedSlice;
  readonly now: Readonly<Record<string, number>>;
  readonly startups: number;
  readonly phases: number;
}

/** Less than was known is no news: the reading reaches back over a part only. */
export function lateIn(
  known: readonly RecordedSlice[],
  ended: readonly Ended[],
  { lateness }: Rhythm,
): readonly Late[] {
  return known
    .filter((slice) => isSettled(slice, lateness) && slice.counts['startups'] !== undefined)
    .map((slice) => ({ slice, now: countsIn(slice, ended) }))
    .map(({ slice, now }) => ({ slice, now, ...grown(slice.counts, now) }))
    .filter(({ startups, phases }) => startups > 0 || phases > 0);
}

const grown = (known: Late['now'], now: Late['now']) => ({
  startups: Math.max(0, (now['startups'] ?? 0) - (known['startups'] ?? 0)),
  phases: Math.max(0, (now['phases'] ?? 0) - (known['phases'] ?? 0)),
});

/** So that it is told once. */
export const recordLate = (
  ledger: Ledger,
  lease: Lease,
  { late: { slice, now }, readAt }: { readonly late: Late; readonly readAt: Instant },
) => recordSlice(ledger, lease, { ...slice, readAt, status: 'partial', counts: now });

export const lateText = ({ slice: { from, to }, startups, phases }: Late): string =>
  `${startups} starts and ${phases} phases that ended from ${formatInstant(from)} to ${formatInstant(to)} came too late for a scheduled run: coldtrace backfill --from ${formatInstant(from)} --to ${formatInstant(to)}`;
