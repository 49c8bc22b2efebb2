// A scheduled run: from the watermark to now, everything that is final is told, and the watermark follows.
//
// Safe against its own death at any point: docs/state.md, "The protocol".

import type { RunDeps, RunJob, RunTold } from './analyze-types.ts';
import { before, type Instant, instant, seconds } from './base/instant.ts';
import { sortedTally } from './base/tally.ts';
import type { Lease } from './ledger/lease.ts';
import { type OpenPod, openPods } from './ledger/open-pods.ts';
import { readSlices } from './ledger/slices.ts';
import { advanceWatermark, claimWatermark, startWatermark, type Watermark } from './ledger/watermark.ts';
import { isSettled, reachedFrom, type Slice, slicesOf, unsettled, windowOf } from './ledger/window.ts';
import {
  begun,
  concluded,
  failedRun,
  type Held,
  newWork,
  noteIn,
  statusOf,
  type Work,
  wordsOf,
} from './run-work.ts';
import { tellStride } from './tell-stride.ts';

/** Never throws for what the world does: a source, store or destination that fails is told. */
export async function analyze(job: RunJob, deps: RunDeps): Promise<RunTold> {
  const held = await begun(job, deps);
  return 'status' in held ? held : underLease(held);
}

async function underLease(held: Held): Promise<RunTold> {
  const claimed = await claimedOrBegun(held.job, held.deps, held.lease);
  if (claimed.status !== 'claimed') return concluded(held, failedRun(`watermark: ${wordsOf(claimed)}`));
  const { watermark, restored } = claimed;
  const work = newWork(held, restored);
  const end = await tellStrides(work, watermark);
  return concluded(work, {
    status: statusOf(work, end),
    counts: sortedTally(work.counter.tally),
    notes: work.notes,
    watermark: { from: watermark.at, to: end.reached },
    complete: end.complete,
  });
}

/** The first run begins at a whole slice, some way back. */
async function claimedOrBegun({ rhythm }: RunJob, { ledger }: RunDeps, lease: Lease) {
  const claimed = await claimWatermark(ledger, lease);
  if (claimed.status !== 'absent') return claimed;
  const back = before(ledger.now(), rhythm.lookBack);
  return startWatermark(ledger, lease, instant(back - (back % rhythm.step)));
}

interface End {
  readonly reached: Instant;
  readonly complete: boolean;
  readonly failed: boolean;
}

/** Stride by stride, so that memory is bounded and a run that is out of time leaves whole strides behind. */
async function tellStrides(work: Work, watermark: Watermark): Promise<End> {
  const { job, deps } = work;
  const { lateness, step } = job.rhythm;
  const window = windowOf(watermark.at, deps.ledger.now(), lateness);
  const plan = window === undefined ? [] : slicesOf(window, step);
  const read = await readSlices(deps.ledger, job.source, plan);
  if (read.status === 'failed') return stopped(work, watermark, `slices: ${read.reason}`);
  const opened = await openPods(deps.ledger);
  if (opened.status === 'failed') return stopped(work, watermark, `open pods: ${opened.reason}`);
  for (const { key, reason } of [...read.unreadable, ...opened.unreadable]) noteIn(work)(`${key}: ${reason}`);
  const open = new Map(opened.pods.map((pod) => [pod.uid, pod]));
  const settled = read.slices.filter((slice) => isSettled(slice, lateness));
  const strides = stridesOf(unsettled(plan, read.slices, lateness), job.rhythm.stride);
  return tellEach(work, watermark, { strides, open, settled });
}

function stopped(work: Work, { at }: Watermark, why: string): End {
  noteIn(work)(why);
  return { reached: at, complete: false, failed: true };
}

interface Todo {
  readonly strides: readonly (readonly Slice[])[];
  readonly open: ReadonlyMap<string, OpenPod>;
  readonly settled: readonly Slice[];
}

async function tellEach(work: Work, watermark: Watermark, todo: Todo): Promise<End> {
  const { strides, open, settled } = todo;
  const done: Slice[] = [...settled];
  let mark = watermark;
  for (const [index, stride] of strides.entries()) {
    if (index > 0 && isOutOfTime(work)) return { reached: mark.at, complete: false, failed: false };
    const isLast = index === strides.length - 1;
    const why = await tellStride(work, stride, isLast ? open : new Map());
    if (why !== undefined) return stopped(work, mark, why);
    done.push(...stride);
    const moved = await moveOn(work, mark, done);
    if (typeof moved === 'string') return stopped(work, mark, moved);
    mark = moved;
  }
  return { reached: mark.at, complete: true, failed: false };
}

/** To the first hole; a text says why not. */
async function moveOn({ deps }: Work, mark: Watermark, done: readonly Slice[]): Promise<Watermark | string> {
  const moved = await advanceWatermark(deps.ledger, mark, reachedFrom(mark.at, done));
  if (moved.status === 'advanced') return moved.watermark;
  return moved.status === 'kept' ? mark : `watermark: ${wordsOf(moved)}`;
}

const isOutOfTime = ({ deps, job }: Work): boolean => deps.ledger.now() >= job.deadline;

/** Neighbouring slices together, up to a stride. */
export function stridesOf(
  slices: readonly Slice[],
  stride: RunJob['rhythm']['stride'],
): readonly (readonly Slice[])[] {
  const strides: Slice[][] = [];
  for (const slice of slices) {
    const current = strides.at(-1);
    const first = current?.[0];
    const joins =
      first !== undefined && current?.at(-1)?.to === slice.from && slice.to - first.from <= stride;
    if (current !== undefined && joins) current.push(slice);
    else strides.push([slice]);
  }
  return strides;
}

/** docs/state.md says why. */
export const RHYTHM = {
  lateness: seconds(45 * 60),
  step: seconds(5 * 60),
  stride: seconds(60 * 60),
  margin: seconds(60 * 60),
  lookBack: seconds(60 * 60),
} as const satisfies RunJob['rhythm'];
