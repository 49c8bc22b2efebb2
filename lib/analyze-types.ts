// What a scheduled run, a backfill and a worker have in common: where they read, where they tell, what they say of it.

import type { Duration, Instant } from './base/instant.ts';
import type { ExportSettings } from './export-settings.ts';
import type { LeaseTerms } from './ledger/lease.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Slice } from './ledger/window.ts';
import type { Answer } from './pipeline-types.ts';
import type { Shipping } from './shipping.ts';

export interface Rhythm {
  /** Evidence that comes later than this after its time is late for good. */
  readonly lateness: Duration;
  /** Slices are aligned to whole steps since the epoch. */
  readonly step: Duration;
  /** At most so much is read at once: it bounds memory, and what a crash has to read again. */
  readonly stride: Duration;
  /** How long before a window a start in it may have begun, and after it be told of. */
  readonly margin: Duration;
  /** How far back the very first run looks. */
  readonly lookBack: Duration;
}

export interface RunJob {
  /** Whose lease and watermark these are. */
  readonly source: string;
  readonly terms: LeaseTerms;
  readonly rhythm: Rhythm;
  readonly settings: ExportSettings;
  /** No new stride is begun after it. */
  readonly deadline: Instant;
}

export interface RunDeps {
  readonly ledger: Ledger;
  readonly shipping: Shipping;
  readonly read: (window: Slice) => Promise<Answer>;
}

export interface RunTold {
  /** `skipped`: another run holds the lease. `partial`: something is parked, ambiguous, refused or a dead letter. */
  readonly status: 'ok' | 'partial' | 'failed' | 'skipped';
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly watermark?: { readonly from: Instant; readonly to: Instant };
  /** False when the time ran out before all was read: the next run goes on. */
  readonly complete: boolean;
}
