// A run under its lease, whatever its window: what it gathers while it goes, and how it ends.

import type { RunDeps, RunJob, RunTold } from './analyze-types.ts';
import { formatInstant, type Instant } from './base/instant.ts';
import { newCounter } from './base/tally.ts';
import { acquireLease, type Lease, releaseLease } from './ledger/lease.ts';
import { writeReport } from './ledger/run-reports.ts';
import type { Slice } from './ledger/window.ts';
import { hasLost } from './tell-window.ts';

/** A run that has begun. */
export interface Held {
  readonly job: RunJob;
  readonly deps: RunDeps;
  readonly lease: Lease;
  readonly started: Instant;
}

/** What a run gathers while it goes. */
export interface Work extends Held {
  lease: Lease;
  readonly counter: ReturnType<typeof newCounter>;
  readonly notes: string[];
  isPartial: boolean;
}

const MOST_NOTES = 200;

export function newWork(held: Held, restored: string | undefined): Work {
  const notes = restored === undefined ? [] : [`the watermark was restored: ${restored}`];
  return { ...held, counter: newCounter(), notes, isPartial: restored !== undefined };
}

export const noteIn =
  ({ notes }: Work) =>
  (line: string): void => {
    if (notes.length < MOST_NOTES) notes.push(line);
  };

export const wordsOf = (claimed: { readonly status: string; readonly reason?: string }): string =>
  claimed.reason ?? claimed.status;

/** Takes the lease, or says why there is no run. */
export async function begun(job: RunJob, deps: RunDeps): Promise<Held | RunTold> {
  const started = deps.ledger.now();
  const acquired = await acquireLease(deps.ledger, job.source, job.terms);
  if (acquired.status === 'acquired') return { job, deps, lease: acquired.lease, started };
  return acquired.status === 'held' ? skipped(acquired.by) : failedRun(`lease: ${acquired.reason}`);
}

const skipped = (by: string | undefined): RunTold => ({
  status: 'skipped',
  counts: {},
  notes: [`another run is at it${by === undefined || by === '' ? '' : `: ${by}`}`],
  complete: false,
});

export const failedRun = (note: string): RunTold => ({
  status: 'failed',
  counts: {},
  notes: [note],
  complete: false,
});

/** Written down, and the next may begin. */
export async function concluded(
  { job, deps: { ledger }, lease, started }: Held,
  told: RunTold,
): Promise<RunTold> {
  const { complete: _, ...said } = told;
  const { source } = job;
  const { generation } = lease;
  await writeReport(ledger, { run: ledger.run, source, generation, started, ended: ledger.now(), ...said });
  await releaseLease(ledger, lease);
  return told;
}

export function statusOf(
  { isPartial, counter }: Work,
  { failed }: { readonly failed: boolean },
): RunTold['status'] {
  if (failed) return 'failed';
  return isPartial || hasLost(counter.tally) ? 'partial' : 'ok';
}

export const spanText = ({ from, to }: Slice): string => `${formatInstant(from)} to ${formatInstant(to)}`;
