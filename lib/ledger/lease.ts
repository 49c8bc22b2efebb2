// One run at a time per source: a lease with a generation, which fences off whoever overslept.
//
// A lease saves work, it does not make safe: a holder may freeze and wake after its time. Safety is in
// the conditional writes of watermark and export ledger, which know the generation.
// Litestream's s3/leaser.go removes the object on release; here it stays, so that the generation goes on.

import * as z from 'zod';
import { after, type Duration, type Instant, SECOND } from '../base/instant.ts';
import type { Tag, Trouble, Unknown, Written } from './contract.ts';
import { countField, instantField, nameField } from './fields.ts';
import { keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import { readState, replaceState, type StateFile, type Unreadable, writeOver } from './state-file.ts';

const schema = z.strictObject({
  /** The run that holds it; null: released. */
  holder: nameField.nullable(),
  generation: countField,
  expires: instantField,
  free_at: instantField,
});

type LeaseState = z.output<typeof schema>;

/** How long a run may take, and how far the clocks of two hosts may be apart. */
export interface LeaseTerms {
  readonly ttl: Duration;
  readonly skew: Duration;
}

export interface Lease {
  readonly source: string;
  /** Grows by one with every holder: the fencing token. */
  readonly generation: number;
  /** After this its holder must stop writing, by its own clock. */
  readonly expires: Instant;
  /** After this others may take it, by theirs: later by the skew. */
  readonly freeAt: Instant;
  readonly tag: Tag;
}

export type Acquired =
  | { readonly status: 'acquired'; readonly lease: Lease }
  /** Another run has it, or was faster just now (then nothing more is known of it). */
  | { readonly status: 'held'; readonly by?: string; readonly until?: Instant }
  | Unreadable
  | Unknown
  | Trouble;

export type Renewed =
  | { readonly status: 'renewed'; readonly lease: Lease }
  | { readonly status: 'lost' }
  | Unreadable
  | Unknown
  | Trouble;

const leaseFile = (source: string): StateFile<LeaseState> => ({
  kind: { name: 'lease', version: 1, schema },
  key: keyOf('v1/lease', [source], '.json'),
});

export const isHeld = ({ expires }: Pick<Lease, 'expires'>, now: Instant): boolean => now < expires;

export async function acquireLease(ledger: Ledger, source: string, terms: LeaseTerms): Promise<Acquired> {
  const read = await readState(ledger, leaseFile(source));
  if (read.status === 'unreadable' || read.status === 'failed') return read;
  const state = read.status === 'found' ? read.value : undefined;
  const isOurs = state?.holder === ledger.run;
  if (state !== undefined && !isOurs && !isFree(state, ledger.now()))
    return { status: 'held', by: state.holder ?? '', until: state.free_at };
  const generation = (state?.generation ?? firstGeneration(ledger.now())) + (isOurs ? 0 : 1);
  const next = stateOf(ledger, generation, terms);
  const written = await writeOver(ledger, leaseFile(source), { read, value: next });
  if (written.status === 'conflict') return { status: 'held' };
  if (written.status !== 'written') return written;
  return { status: 'acquired', lease: leaseOf(source, next, written.tag) };
}

/** More time for the same generation. Also after it has expired, as long as nobody has taken it. */
export async function renewLease(ledger: Ledger, lease: Lease, terms: LeaseTerms): Promise<Renewed> {
  const next = stateOf(ledger, lease.generation, terms);
  const file = { ...leaseFile(lease.source), tag: lease.tag };
  const written = await replaceState(ledger, file, next);
  if (written.status === 'written')
    return { status: 'renewed', lease: leaseOf(lease.source, next, written.tag) };
  return written.status === 'conflict' ? lostOrRenewed(ledger, lease) : written;
}

/** An earlier renewal may have arrived without its answer: then the lease is ours under another tag. */
async function lostOrRenewed(ledger: Ledger, { source, generation }: Lease): Promise<Renewed> {
  const read = await readState(ledger, leaseFile(source));
  if (read.status === 'absent') return { status: 'lost' };
  if (read.status !== 'found') return read;
  const isOurs = read.value.holder === ledger.run && read.value.generation === generation;
  return isOurs ? { status: 'renewed', lease: leaseOf(source, read.value, read.tag) } : { status: 'lost' };
}

/** Others need not wait for its end. What comes of it matters little: a lease that is not released expires. */
export async function releaseLease(ledger: Ledger, lease: Lease): Promise<Written> {
  const now = ledger.now();
  const released = { holder: null, generation: lease.generation, expires: now, free_at: now };
  return replaceState(ledger, { ...leaseFile(lease.source), tag: lease.tag }, released);
}

/** Seconds since the epoch: where the file was lost, the count goes on above all that it can have reached, one a run. */
const firstGeneration = (now: Instant): number => Number(now / SECOND);

const isFree = ({ holder, free_at }: LeaseState, now: Instant): boolean => holder === null || now >= free_at;

/** Counted from before the write, so that the holder's time never ends later than it thinks. */
function stateOf({ run, now }: Ledger, generation: number, { ttl, skew }: LeaseTerms): LeaseState {
  const expires = after(now(), ttl);
  return { holder: run, generation, expires, free_at: after(expires, skew) };
}

const leaseOf = (source: string, { generation, expires, free_at }: LeaseState, tag: Tag): Lease => ({
  source,
  generation,
  expires,
  freeAt: free_at,
  tag,
});
