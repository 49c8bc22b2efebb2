// What reading has cost: calls by name, bytes, and the money that they are estimated to be.

import type { Counter } from '../../base/tally.ts';
import { newCounter, sortedTally } from '../../base/tally.ts';

/** Insights, us-east-1, 2026: dollars for a GB scanned. Reading events costs calls, and no money. */
const DOLLARS_PER_GB = 0.005;
const GB = 1 << 30;

export interface Meter {
  readonly count: Counter['count'];
  /** Counters for the tally; money in millionths of a dollar. */
  readonly told: () => Readonly<Record<string, number>>;
}

export function newMeter(): Meter {
  const counter = newCounter();
  return {
    count: counter.count,
    told: () => {
      const scanned = counter.tally.get('cloudwatch.bytes_scanned') ?? 0;
      return {
        'cloudwatch.cost_micro_usd': Math.round((scanned / GB) * DOLLARS_PER_GB * 1e6),
        ...sortedTally(counter.tally),
      };
    },
  };
}
