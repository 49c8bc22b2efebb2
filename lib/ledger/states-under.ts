// Every file of one kind in a folder, read one after the other.

import type { Trouble } from './contract.ts';
import { keysUnder } from './keys-under.ts';
import type { Ledger } from './ledger.ts';
import { readState, type StateKind, type Unreadable } from './state-file.ts';

export type StatesRead<T> =
  | {
      readonly status: 'read';
      /** In the order of their keys. */
      readonly values: readonly T[];
      readonly unreadable: readonly Unreadable[];
      /** There are more than were asked for. */
      readonly isCut: boolean;
    }
  | Trouble;

/** What cannot be read does not hide the others; what is gone since the listing is not missed. */
export async function statesUnder<T>(
  ledger: Ledger,
  kind: StateKind<T>,
  { prefix, most }: { readonly prefix: string; readonly most: number },
): Promise<StatesRead<T>> {
  const listed = await keysUnder(ledger.store, prefix, most);
  if (listed.status === 'failed') return listed;
  const values: T[] = [];
  const unreadable: Unreadable[] = [];
  for (const key of listed.keys) {
    const read = await readState(ledger, { kind, key });
    if (read.status === 'failed') return read;
    if (read.status === 'found') values.push(read.value);
    if (read.status === 'unreadable') unreadable.push(read);
  }
  return { status: 'read', values, unreadable, isCut: listed.isCut };
}
