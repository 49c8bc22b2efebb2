// A scheduled run in small, on the real ledger: lease, watermark, slices, exports, report.
//
// The evidence is a list, and what a pod says is made of its uid: the same in every run.

import { duration, type Instant, instant, SECOND } from '../../lib/base/instant.ts';
import type { ExportKey, Parts, Signal } from '../../lib/ledger/export-entry.ts';
import { type Exported, exportOnce, type SendOutcome, type Shipment } from '../../lib/ledger/export-once.ts';
import type { ExportPolicy } from '../../lib/ledger/export-plan.ts';
import { acquireLease, type Lease, type LeaseTerms, releaseLease } from '../../lib/ledger/lease.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { writeReport } from '../../lib/ledger/run-reports.ts';
import { recordSlice } from '../../lib/ledger/slices.ts';
import {
  advanceWatermark,
  claimWatermark,
  startWatermark,
  type Watermark,
} from '../../lib/ledger/watermark.ts';
import { reachedFrom, type Slice, slicesOf } from '../../lib/ledger/window.ts';

export interface Pod {
  readonly uid: string;
  readonly at: Instant;
  /** Of the evidence: another one says other things of the same parts. */
  readonly evidence: string;
}

export interface Work {
  readonly source: string;
  readonly terms: LeaseTerms;
  readonly policy: ExportPolicy;
  readonly pods: readonly Pod[];
  readonly send: (key: ExportKey, shipment: Shipment) => Promise<SendOutcome>;
}

/** On the border of a slice. */
export const START = instant(1_790_000_100n * SECOND);
export const STEP = duration(300n * SECOND);
export const TARGET = instant(START + 2n * STEP);

export const PODS: readonly Pod[] = [
  { uid: 'aaaa-1', at: instant(START + 10n * SECOND), evidence: 'whole' },
  { uid: 'bbbb-2', at: instant(START + 310n * SECOND), evidence: 'whole' },
];

/** Two parts of each signal, one of which depends on the evidence. */
export const partsOf = ({ uid, evidence }: Pod, signal: Signal): Parts => ({
  [`${uid}/${signal}/total`]: `says ${evidence}`,
  [`${uid}/${signal}/pull`]: 'says the same',
});

export type RunEnd = 'skipped' | 'stopped' | 'incomplete' | 'done';

export async function wholeRun(ledger: Ledger, work: Work): Promise<RunEnd> {
  const acquired = await acquireLease(ledger, work.source, work.terms);
  if (acquired.status !== 'acquired') return 'skipped';
  const { lease } = acquired;
  const claimed = await claimedOrBegun(ledger, lease);
  if (claimed === undefined) return 'stopped';
  const done = await exportSlices(ledger, lease, work);
  const to = reachedFrom(claimed.at, done);
  const advanced = await advanceWatermark(ledger, claimed, to);
  if (advanced.status !== 'advanced' && advanced.status !== 'kept') return 'stopped';
  await writeReport(ledger, {
    run: ledger.run,
    source: work.source,
    generation: lease.generation,
    started: START,
    ended: ledger.now(),
    status: to < TARGET ? 'partial' : 'ok',
    watermark: { from: claimed.at, to },
    counts: {},
    notes: [],
  });
  await releaseLease(ledger, lease);
  return to < TARGET ? 'incomplete' : 'done';
}

async function claimedOrBegun(ledger: Ledger, lease: Lease): Promise<Watermark | undefined> {
  const claimed = await claimWatermark(ledger, lease);
  const begun = claimed.status === 'absent' ? await startWatermark(ledger, lease, START) : claimed;
  return begun.status === 'claimed' ? begun.watermark : undefined;
}

async function exportSlices(ledger: Ledger, lease: Lease, work: Work): Promise<readonly Slice[]> {
  const done: Slice[] = [];
  for (const slice of slicesOf({ from: START, to: TARGET }, STEP)) {
    const pods = work.pods.filter(({ at }) => slice.from <= at && at < slice.to);
    const isDone = await exportPods(ledger, lease, { ...work, pods });
    if (!isDone) continue;
    const reading = {
      ...slice,
      readAt: ledger.now(),
      status: 'done',
      counts: { pods: pods.length },
    } as const;
    const recorded = await recordSlice(ledger, lease, reading);
    if (recorded.status === 'recorded' || recorded.status === 'superseded') done.push(slice);
  }
  return done;
}

export async function exportPods(ledger: Ledger, lease: Lease, work: Work): Promise<boolean> {
  let isDone = true;
  for (const pod of work.pods)
    for (const signal of ['spans', 'metrics'] as const) {
      const key = { uid: pod.uid, attempt: 0, signal, destination: 'sink' };
      const { policy } = work;
      const send = (shipment: Shipment) => work.send(key, shipment);
      const exported = await exportOnce(ledger, { key, parts: partsOf(pod, signal), policy, lease, send });
      if (!isSettled(exported)) isDone = false;
    }
  return isDone;
}

/** Nothing of it is left for a later run. */
export const isSettled = ({ status }: Exported): boolean =>
  ['sent', 'refused', 'ambiguous', 'noted', 'already'].includes(status);
