// A ledger for tests: a store in memory, a clock that is set by hand.

import { type Instant, instant, SECOND } from '../../lib/base/instant.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { memoryStore } from './memory-store.ts';

export interface TestLedger extends Ledger {
  readonly store: ObjectStore;
  clock: Instant;
  /** The same store and clock, another run. */
  readonly as: (run: string) => TestLedger;
}

/** Seconds after an arbitrary moment. */
export const second = (n: number): Instant => instant((1_790_000_100n + BigInt(n)) * SECOND);

let ids = 0;

export function aLedger(run = 'run-1', store: ObjectStore = memoryStore()): TestLedger {
  const ledger: TestLedger = {
    store,
    run,
    clock: second(0),
    now: () => ledger.clock,
    newId: () => {
      ids += 1;
      return `${run}/${ids}`;
    },
    as: (other) => {
      const its = aLedger(other, store);
      return { ...its, now: () => ledger.clock };
    },
  };
  return ledger;
}
