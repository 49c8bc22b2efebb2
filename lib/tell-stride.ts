// One stride of a scheduled run: under a lease that is made longer first, told, compared with what was known, written down.

import { type Instant, instant } from './base/instant.ts';
import { countsIn, type Ended, lateIn, lateText, recordLate, slicesBefore } from './late-starts.ts';
import { deadLetters } from './ledger/dead-letters.ts';
import { renewLease } from './ledger/lease.ts';
import type { OpenPod } from './ledger/open-pods.ts';
import { readSlices, recordSlice } from './ledger/slices.ts';
import type { Slice } from './ledger/window.ts';
import { noteIn, spanText, type Work, wordsOf } from './run-work.ts';
import { tellWindow } from './tell-window.ts';

/** Undefined when all is well, else why not. */
export async function tellStride(
  work: Work,
  stride: readonly Slice[],
  open: ReadonlyMap<string, OpenPod>,
): Promise<string | undefined> {
  const { job, deps, counter } = work;
  const window = windowOver(stride);
  const renewed = await renewLease(deps.ledger, work.lease, job.terms);
  if (renewed.status !== 'renewed') return `lease: ${wordsOf(renewed)}`;
  work.lease = renewed.lease;
  const { lease } = work;
  const readAt = deps.ledger.now();
  const letters = deadLetters(deps.ledger);
  const told = await tellWindow({ ...job, lease, window, open, counter, letters, note: noteIn(work) }, deps);
  if (told.status === 'failed') return `${spanText(window)}: ${told.why}`;
  work.isPartial ||= told.status === 'partial';
  const status = told.status === 'partial' ? 'partial' : 'done';
  const why = await tellLate(work, window, { readAt, ended: told.ended });
  return why ?? recordAll(work, stride, { readAt, status, ended: told.ended });
}

/** What the slices before have more of than when they were settled. */
async function tellLate(
  work: Work,
  window: Slice,
  { readAt, ended }: { readonly readAt: Instant; readonly ended: readonly Ended[] },
): Promise<string | undefined> {
  const { job, deps, lease, counter } = work;
  const known = await readSlices(deps.ledger, job.source, slicesBefore(window, job.rhythm));
  if (known.status === 'failed') return `slices: ${known.reason}`;
  for (const late of lateIn(known.slices, ended, job.rhythm)) {
    if (late.startups > 0) counter.count('startups.late', late.startups);
    if (late.phases > 0) counter.count('phases.late', late.phases);
    work.isPartial = true;
    noteIn(work)(lateText(late));
    await recordLate(deps.ledger, lease, { late, readAt });
  }
  return undefined;
}

/** A stride has at least one slice. */
const windowOver = (stride: readonly Slice[]): Slice => ({
  from: stride[0]?.from ?? instant(0n),
  to: stride.at(-1)?.to ?? instant(0n),
});

async function recordAll(
  { deps, lease }: Work,
  stride: readonly Slice[],
  {
    ended,
    ...reading
  }: {
    readonly readAt: Instant;
    readonly status: 'done' | 'partial';
    readonly ended: readonly Ended[];
  },
): Promise<string | undefined> {
  for (const slice of stride) {
    const counts = countsIn(slice, ended);
    const recorded = await recordSlice(deps.ledger, lease, { ...slice, ...reading, counts });
    if (recorded.status !== 'recorded' && recorded.status !== 'superseded')
      return `slice: ${recorded.reason}`;
  }
  return undefined;
}
