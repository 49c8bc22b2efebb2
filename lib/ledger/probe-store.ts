// Whether a store keeps its word: of many writers of one object exactly one wins, and an old state cannot be replaced.
//
// Most stand-ins of S3 answer 200 to conditions that they ignore. State there would be lost one day, without a word.

import { keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';

export type StoreVerdict =
  | { readonly status: 'sound' }
  /** It took a write that it had to refuse. */
  | { readonly status: 'unsound'; readonly why: string }
  | { readonly status: 'failed'; readonly why: string };

const WRITERS = 12;

/** Leaves nothing behind, unless removing it fails too. */
export async function probeStore({ store, run, newId }: Ledger): Promise<StoreVerdict> {
  const key = keyOf('v1/probe', [run], '.json');
  const body = (): Uint8Array => Buffer.from(JSON.stringify({ probe: newId() }));
  const created = await Promise.all(Array.from({ length: WRITERS }, () => store.create(key, body())));
  const trouble = created.find(({ status }) => status === 'failed' || status === 'unknown');
  if (trouble !== undefined) return { status: 'failed', why: 'reason' in trouble ? trouble.reason : '' };
  const winners = created.flatMap((each) => (each.status === 'written' ? [each.tag] : []));
  const [first] = winners;
  if (first === undefined || winners.length > 1)
    return { status: 'unsound', why: `of ${WRITERS} writers of a new object ${winners.length} won` };
  const replaced = await Promise.all(
    Array.from({ length: WRITERS }, () => store.replace(key, body(), first)),
  );
  const next = replaced.flatMap((each) => (each.status === 'written' ? [each.tag] : []));
  const [last] = next;
  if (last === undefined || next.length > 1)
    return { status: 'unsound', why: `of ${WRITERS} writers that replace one state ${next.length} won` };
  const removed = await store.remove(key, last);
  return removed.status === 'removed'
    ? { status: 'sound' }
    : {
        status: 'failed',
        why: 'reason' in removed ? removed.reason : 'what was written could not be removed',
      };
}
