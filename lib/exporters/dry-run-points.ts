// What a dry run says of points: how many, in how many batches, of which time.

import { earliest, formatInstant, latest } from '../base/instant.ts';
import type { MetricPoint } from '../model/metric.ts';
import type { Attributes } from '../model/trace.ts';
import { batchesOf } from './batches.ts';
import { count } from './dry-run.ts';
import { metricSignal } from './metric-signal.ts';
import type { OtlpProtocol } from './otlp-settings.ts';

/** `25 points of 8 metrics in 1 batch, 6.2 kB, from … to …` */
export function pointsPlanText(
  points: readonly MetricPoint[],
  { protocol, resource }: { readonly protocol: OtlpProtocol; readonly resource: Attributes },
): string {
  const signal = metricSignal(resource);
  const batches = batchesOf([points], (some) => signal.encode(some, protocol).length);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  const metrics = new Set(points.map(({ instrument }) => instrument.name)).size;
  const amount = `${count(points.length, 'point')} of ${count(metrics, 'metric')} in ${count(batches.length, 'batch')}, ${(bytes / 1000).toFixed(1)} kB`;
  const [first, ...others] = points;
  if (first === undefined) return amount;
  const from = others.reduce((at, { start }) => earliest(at, start), first.start);
  const to = others.reduce((at, { end }) => latest(at, end), first.end);
  return `${amount}, from ${formatInstant(from)} to ${formatInstant(to)}`;
}
