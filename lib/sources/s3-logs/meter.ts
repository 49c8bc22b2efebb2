// What reading a bucket has cost: calls by name, bytes, and the money that they are estimated to be.

import { type Counter, newCounter, sortedTally } from '../../base/tally.ts';

/** S3 Standard, us-east-1, 2026: dollars for 1000 requests. Bytes cost money only when they leave the region. */
const DOLLARS_PER_1000 = { 's3_calls.list_objects': 0.005, 's3_calls.get_object': 0.0004 } as const;

export interface Meter {
  readonly count: Counter['count'];
  /** Counters for the tally; money in millionths of a dollar. */
  readonly told: () => Readonly<Record<string, number>>;
}

export function newMeter(): Meter {
  const { count, tally } = newCounter();
  return {
    count,
    told: () => {
      const dollars = Object.entries(DOLLARS_PER_1000).map(
        ([name, price]) => ((tally.get(name) ?? 0) / 1000) * price,
      );
      const sum = dollars.reduce((total, one) => total + one, 0);
      return { 's3.cost_micro_usd': Math.round(sum * 1e6), ...sortedTally(tally) };
    },
  };
}
