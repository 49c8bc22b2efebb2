// Values as one histogram with explicit buckets.

import type { HistogramValue } from '../../model/metric.ts';

/** At least one value. Summed in order of size, so that no rounding depends on the order they came in. */
export function histogramOf(values: readonly number[], bounds: readonly number[]): HistogramValue {
  const sorted = [...values].sort((a, b) => a - b);
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const value of sorted) {
    const bucket = bucketOf(value, bounds);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return {
    kind: 'histogram',
    count: sorted.length,
    sum: sorted.reduce((sum, value) => sum + value, 0),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    bounds,
    counts,
  };
}

/** Upper bounds are inclusive, as OTLP has it; what is above the last is in the last bucket. */
function bucketOf(value: number, bounds: readonly number[]): number {
  const index = bounds.findIndex((bound) => value <= bound);
  return index === -1 ? bounds.length : index;
}
