// What a run says to those who watch it: sums of its tally, and how far behind it is.

import type { RunTold } from './analyze-types.ts';
import { between, type Instant, toSeconds } from './base/instant.ts';
import type { FunctionTold, Measures } from './function-types.ts';

type Counts = RunTold['counts'];

/** Of both signals. */
const both = (counts: Counts, what: string): number =>
  (counts[`spans.${what}`] ?? 0) + (counts[`metrics.${what}`] ?? 0);

/** `isReading`: CloudWatch is read, so that no bytes are none, not unknown. */
export function measuresOf(
  { counts, watermark, status }: Pick<RunTold, 'counts' | 'watermark' | 'status'>,
  { now, isReading }: { readonly now: Instant; readonly isReading: boolean },
): Measures {
  if (status === 'skipped') return {};
  const tooOld = both(counts, 'too_old');
  const micros = counts['read.cloudwatch.cost_micro_usd'] ?? 0;
  return {
    ...(watermark && { watermark_lag_seconds: toSeconds(between(watermark.to, now)) }),
    dropped: tooOld + both(counts, 'refused') + both(counts, 'rejected') + (counts['pods.lost'] ?? 0),
    too_old: tooOld,
    ambiguous: both(counts, 'ambiguous'),
    parked: counts['pods.parked'] ?? 0,
    dead_letters: counts['dead_letters.laid'] ?? 0,
    ...(isReading && {
      bytes_read: counts['read.cloudwatch.bytes'] ?? 0,
      estimated_cost_usd: micros / 1e6,
    }),
  };
}

const ORDER = ['failed', 'partial', 'skipped', 'ok'] as const;

export const worstOf = (runs: readonly Pick<FunctionTold, 'status'>[]): FunctionTold['status'] =>
  ORDER.find((status) => runs.some((run) => run.status === status)) ?? 'ok';

export function sumOf(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const [name, count] of all.flatMap((counts) => Object.entries(counts)))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
