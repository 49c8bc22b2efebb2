// A run's ledger: its store, its name, and what makes its writes unlike any other's.

import type { Instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ObjectStore } from './ledger/contract.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Patience } from './ledger/retrying-store.ts';
import { openStore, type StorePlace } from './open-store.ts';

/** The error is what to say to whoever gave `--store`. */
export async function openedStore(
  place: StorePlace,
  patience: Patience,
): Promise<Result<ObjectStore, string>> {
  try {
    return ok(await openStore(place, patience));
  } catch (error) {
    const came = error instanceof Error ? error.message : String(error);
    return failed(`--store: expected a folder that can be written, got ${came}`);
  }
}

export interface LedgerDeps {
  readonly now: () => Instant;
  readonly patience: { readonly random: () => number };
}

/** `what`: the job, for people who read the names of runs. */
export function newLedger(
  store: ObjectStore,
  what: string,
  { now, patience: { random } }: LedgerDeps,
): Ledger {
  const chance = (): string => Math.floor(random() * 2 ** 48).toString(36);
  const run = `${what}-${now()}-${chance()}`;
  let writes = 0;
  return {
    store,
    run,
    now,
    newId: () => {
      writes += 1;
      return `${run}/${writes}-${chance()}`;
    },
  };
}
