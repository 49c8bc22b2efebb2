// What a function lends to what it runs: clock, environment, the time that is left.

import type { Duration } from './base/instant.ts';
import type { OpeningDeps } from './open-run.ts';

export interface FunctionWorld extends Omit<OpeningDeps, 'newSecret'> {
  /** Until the runtime kills it. */
  readonly remaining: () => Duration;
  /** For as long as the process lives: texts of secrets by their ARN. */
  readonly secrets: Map<string, string>;
}

/** What a function answers, and what it says of itself in one line. */
export interface FunctionTold {
  readonly status: 'ok' | 'partial' | 'failed' | 'skipped';
  /** To whoever called. */
  readonly answer: unknown;
  readonly counts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Numbers that are watched; absent where this run does not know them. */
  readonly measures: Measures;
}

export type Measures = Partial<
  Readonly<
    Record<
      | 'watermark_lag_seconds'
      | 'dropped'
      | 'too_old'
      | 'ambiguous'
      | 'parked'
      | 'dead_letters'
      | 'bytes_read'
      | 'estimated_cost_usd'
      | 'clusters_failed',
      number
    >
  >
>;
