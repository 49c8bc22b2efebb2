// A window on demand: cut into slices that need nothing of each other, each told as a scheduled run tells its own.
//
// The export ledger is the same, so what a scheduled run has sent is not sent again, and two workers at one
// slice send it once.

import { createHash } from 'node:crypto';
import type { RunDeps, RunJob, RunTold } from './analyze-types.ts';
import { instant } from './base/instant.ts';
import { sortedTally } from './base/tally.ts';
import { deadLetters } from './ledger/dead-letters.ts';
import type { Slice } from './ledger/window.ts';
import { begun, concluded, newWork, noteIn, spanText, statusOf } from './run-work.ts';
import { tellWindow } from './tell-window.ts';

export interface BackfillPlan {
  /** Of the window and the width: the same plan has the same id. */
  readonly id: string;
  readonly window: Slice;
  readonly slices: readonly Slice[];
}

/** Half-open slices aligned to their width; the first and last end where the window does. */
export function planBackfill(window: Slice, width: RunJob['rhythm']['stride']): BackfillPlan {
  const slices: Slice[] = [];
  for (let at = window.from; at < window.to; ) {
    const next = instant(at - (at % width) + width);
    const to = next < window.to ? next : window.to;
    slices.push({ from: at, to });
    at = to;
  }
  const said = `${window.from} ${window.to} ${width}`;
  return { id: createHash('sha256').update(said).digest('hex').slice(0, 12), window, slices };
}

/** The lease of a slice: two workers at one of them do not wait for each other, one goes away. */
export const leaseOf = ({ from, to }: Slice): string => `backfill-${from}-${to}`;

/**
 * One slice. A pod that is not final is left to the scheduled runs: it is remembered, and theirs from then on.
 * Neither watermark nor slices are touched.
 */
export async function backfillSlice(slice: Slice, job: RunJob, deps: RunDeps): Promise<RunTold> {
  const held = await begun({ ...job, source: leaseOf(slice) }, deps);
  if ('status' in held) return held;
  const work = newWork(held, undefined);
  const { lease, counter } = work;
  const letters = deadLetters(deps.ledger);
  const told = await tellWindow(
    { ...job, lease, window: slice, open: new Map(), counter, letters, note: noteIn(work) },
    deps,
  );
  const failed = told.status === 'failed';
  if (failed) noteIn(work)(`${spanText(slice)}: ${told.why}`);
  work.isPartial = told.status === 'partial';
  const { notes } = work;
  const counts = sortedTally(counter.tally);
  return concluded(work, { status: statusOf(work, { failed }), counts, notes, complete: !failed });
}
