// What every part of the ledger is handed: a store, whose run this is, and what the doors lend.

import type { Instant } from '../base/instant.ts';
import type { ObjectStore } from './contract.ts';

export interface Ledger {
  readonly store: ObjectStore;
  /** Unique to this run of the program. */
  readonly run: string;
  readonly now: () => Instant;
  /** A text that no other write of any run has: it makes bodies, and so tags, different. */
  readonly newId: () => string;
}
