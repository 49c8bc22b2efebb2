// How far a source has been read for good. It never moves back, and only the newest holder of the lease moves it.
//
// Two files: the watermark, and the one before it. When the first is corrupt or gone, a run goes on
// from the second and reads a little twice; without both it stops, and a person names a moment.

import * as z from 'zod';
import { formatInstant, type Instant } from '../base/instant.ts';
import type { Tag, Trouble, Unknown, Written } from './contract.ts';
import { countField, instantField } from './fields.ts';
import { keyOf } from './key.ts';
import type { Lease } from './lease.ts';
import type { Ledger } from './ledger.ts';
import {
  createState,
  isBlocked,
  readState,
  replaceState,
  type StateFile,
  type Unreadable,
  writeOver,
} from './state-file.ts';

const schema = z.strictObject({
  at: instantField,
  /** Of the lease under which it was written last. */
  generation: countField,
});

type WatermarkState = z.output<typeof schema>;

export interface Watermark {
  readonly source: string;
  readonly at: Instant;
  readonly generation: number;
  readonly tag: Tag;
}

/** A later holder of the lease has been here: whoever is told this stops. */
export interface Fenced {
  readonly status: 'fenced';
}

export type Claimed =
  | { readonly status: 'claimed'; readonly watermark: Watermark; readonly restored?: string }
  /** The source was never read. */
  | { readonly status: 'absent' }
  | Fenced
  | Unreadable
  | Unknown
  | Trouble;

export type Advanced =
  | { readonly status: 'advanced'; readonly watermark: Watermark }
  /** It stands there already, or further on. */
  | { readonly status: 'kept' }
  | Fenced
  | Unreadable
  | Unknown
  | Trouble;

const fileOf = (source: string, folder: 'watermark' | 'watermark-before'): StateFile<WatermarkState> => ({
  kind: { name: 'watermark', version: 1, schema },
  key: keyOf(`v1/${folder}`, [source], '.json'),
});

/**
 * The watermark, now under this lease: holders of earlier ones can no longer move it.
 * Corrupt or gone: restored from the one before it, and `restored` says so.
 */
export async function claimWatermark(ledger: Ledger, lease: Lease): Promise<Claimed> {
  const file = fileOf(lease.source, 'watermark');
  const read = await readState(ledger, file);
  if (isBlocked(read)) return read;
  if (read.status === 'found') {
    if (read.value.generation > lease.generation) return { status: 'fenced' };
    const next = { at: read.value.at, generation: lease.generation };
    return claimedOf(lease.source, next, await replaceState(ledger, { ...file, tag: read.tag }, next));
  }
  return restore(ledger, lease, read);
}

/** Where a source is read from at first. Refused (`fenced`) when it was read before. */
export async function startWatermark(ledger: Ledger, lease: Lease, at: Instant): Promise<Claimed> {
  const next = { at, generation: lease.generation };
  return claimedOf(lease.source, next, await createState(ledger, fileOf(lease.source, 'watermark'), next));
}

/**
 * A person's decision after a loss: reading begins again at `at`, in place of exactly the file that was
 * found corrupt (its bytes are in quarantine).
 */
export async function resetWatermark(
  ledger: Ledger,
  lease: Lease,
  { at, over }: { readonly at: Instant; readonly over: Unreadable },
): Promise<Claimed> {
  const next = { at, generation: lease.generation };
  const file = { ...fileOf(lease.source, 'watermark'), tag: over.tag };
  return claimedOf(lease.source, next, await replaceState(ledger, file, next));
}

/** Forward only, and only by the newest holder: another one's write in between makes this `fenced`. */
export async function advanceWatermark(ledger: Ledger, from: Watermark, to: Instant): Promise<Advanced> {
  if (to <= from.at) return { status: 'kept' };
  const kept = await keepBefore(ledger, from);
  if (kept !== undefined) return kept;
  const next = { at: to, generation: from.generation };
  const file = { ...fileOf(from.source, 'watermark'), tag: from.tag };
  const written = await replaceState(ledger, file, next);
  if (written.status === 'conflict') return { status: 'fenced' };
  if (written.status !== 'written') return written;
  return { status: 'advanced', watermark: { ...from, at: to, tag: written.tag } };
}

/** Remembers where it stood, never further back than remembered already. Returns what went wrong. */
async function keepBefore(
  ledger: Ledger,
  { source, at, generation }: Watermark,
): Promise<Exclude<Advanced, { status: 'advanced' }> | undefined> {
  const file = fileOf(source, 'watermark-before');
  const read = await readState(ledger, file);
  if (isBlocked(read)) return read;
  if (read.status === 'found' && read.value.at >= at) return undefined;
  const written = await writeOver(ledger, file, { read, value: { at, generation } });
  if (written.status === 'written') return undefined;
  return written.status === 'conflict' ? { status: 'fenced' } : written;
}

async function restore(
  ledger: Ledger,
  lease: Lease,
  lost: Unreadable | { readonly status: 'absent' },
): Promise<Claimed> {
  const before = await readState(ledger, fileOf(lease.source, 'watermark-before'));
  if (before.status === 'failed') return before;
  if (before.status !== 'found') return lost.status === 'absent' ? before : lost;
  const next = { at: before.value.at, generation: lease.generation };
  const file = fileOf(lease.source, 'watermark');
  const written = await writeOver(ledger, file, { read: lost, value: next });
  const claimed = claimedOf(lease.source, next, written);
  return claimed.status === 'claimed' ? { ...claimed, restored: toldOf(lost, next.at) } : claimed;
}

const toldOf = (lost: Unreadable | { readonly status: 'absent' }, at: Instant): string =>
  lost.status === 'absent'
    ? `the watermark was gone; reading again from ${formatInstant(at)}`
    : `${lost.key} was corrupt (${lost.reason}), its bytes are in ${lost.copy ?? 'no copy'}; reading again from ${formatInstant(at)}`;

function claimedOf(source: string, { at, generation }: WatermarkState, written: Written): Claimed {
  if (written.status === 'conflict') return { status: 'fenced' };
  if (written.status !== 'written') return written;
  return { status: 'claimed', watermark: { source, at, generation, tag: written.tag } };
}
