// Which time is read in a run, in which pieces, and how far that proves a source read. Pure.
//
// Logs arrive late (Fluent Bit retries for 2000 s), so every run reads again what it has read lately:
// a slice is settled only when it was read once more after nothing can be late for it any longer.

import {
  after,
  before,
  type Duration,
  duration,
  type Instant,
  instant,
  latest,
  SECOND,
} from '../base/instant.ts';

/** Half-open: from ≤ t < to. */
export interface Slice {
  readonly from: Instant;
  readonly to: Instant;
}

export interface ReadSlice extends Slice {
  /** When its last reading began. */
  readonly readAt: Instant;
}

export const ALLOWED_LATENESS = duration(45n * 60n * SECOND);

/** What is younger than this is left for the next run: it is still arriving. */
export const SAFETY_DELAY = duration(120n * SECOND);

/** Undefined when there is nothing to read yet. */
export function windowOf(watermark: Instant, now: Instant, lateness = ALLOWED_LATENESS): Slice | undefined {
  const window = { from: before(watermark, lateness), to: before(now, SAFETY_DELAY) };
  return window.from < window.to ? window : undefined;
}

/**
 * The slices that touch a window, aligned to whole steps since the epoch, so that every run names the
 * same ones. The last is only there once it is over.
 */
export function slicesOf({ from, to }: Slice, step: Duration): readonly Slice[] {
  const slices: Slice[] = [];
  for (let at = from - (((from % step) + step) % step); at + step <= to; at += step)
    slices.push({ from: instant(at), to: instant(at + step) });
  return slices;
}

/** Nothing can come late for it any more. */
export const isSettled = ({ to, readAt }: ReadSlice, lateness = ALLOWED_LATENESS): boolean =>
  readAt >= after(to, lateness);

/** Those to be read in this run: never read, or not settled. */
export function unsettled(
  plan: readonly Slice[],
  read: readonly ReadSlice[],
  lateness = ALLOWED_LATENESS,
): readonly Slice[] {
  const settled = new Set(read.filter((slice) => isSettled(slice, lateness)).map(({ from }) => from));
  return plan.filter(({ from }) => !settled.has(from));
}

/** Where the watermark may go: the end of what was read without a hole, beginning at the watermark. */
export function reachedFrom(watermark: Instant, read: readonly Slice[]): Instant {
  const inOrder = read.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return inOrder.reduce((at, { from, to }) => (from <= at ? latest(at, to) : at), watermark);
}
