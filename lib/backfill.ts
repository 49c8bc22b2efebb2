// A window on demand: cut into slices that need nothing of each other, each told as a scheduled run tells its own.
//
// The export ledger is the same, so what a scheduled run has sent is not sent again, and two workers at one
// slice send it once.

import { createHash } from 'node:crypto';
import type { RunDeps, RunJob, RunTold } from './analyze-types.ts';
import { formatInstant, type Instant, instant } from './base/instant.ts';
import { newCounter, sortedTally } from './base/tally.ts';
import { deadLetters } from './ledger/dead-letters.ts';
import { acquireLease, releaseLease } from './ledger/lease.ts';
import { writeReport } from './ledger/run-reports.ts';
import type { Slice } from './ledger/window.ts';
import { hasLost, tellWindow, type WindowTold } from './tell-window.ts';

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
  const { ledger } = deps;
  const started = ledger.now();
  const source = leaseOf(slice);
  const acquired = await acquireLease(ledger, source, job.terms);
  if (acquired.status === 'held')
    return { status: 'skipped', counts: {}, notes: ['another worker is at it'], complete: false };
  if (acquired.status !== 'acquired') return failedSlice(`lease: ${acquired.reason}`);
  const counter = newCounter();
  const notes: string[] = [];
  const { lease } = acquired;
  const told = await tellWindow(
    {
      ...job,
      lease,
      window: slice,
      open: new Map(),
      counter,
      letters: deadLetters(ledger),
      note: (line) => {
        if (notes.length < 200) notes.push(line);
      },
    },
    deps,
  );
  if (told.status === 'failed') notes.push(`${textOf(slice)}: ${told.why}`);
  const status = told.status === 'told' && hasLost(counter.tally) ? 'partial' : wordOf(told.status);
  const result: RunTold = {
    status,
    counts: sortedTally(counter.tally),
    notes,
    complete: told.status !== 'failed',
  };
  await writeReport(ledger, {
    run: ledger.run,
    source,
    generation: lease.generation,
    started,
    ended: ledger.now(),
    status,
    counts: result.counts,
    notes,
  });
  await releaseLease(ledger, lease);
  return result;
}

const wordOf = (status: WindowTold['status']): RunTold['status'] => (status === 'told' ? 'ok' : status);

const failedSlice = (note: string): RunTold => ({
  status: 'failed',
  counts: {},
  notes: [note],
  complete: false,
});

const textOf = ({ from, to }: { readonly from: Instant; readonly to: Instant }): string =>
  `${formatInstant(from)} to ${formatInstant(to)}`;
