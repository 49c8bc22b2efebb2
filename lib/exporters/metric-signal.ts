// Points as a signal: nothing tells a repeated delta from a new one, so that they are never sent twice.

import { formatInstant } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { MetricPoint } from '../model/metric.ts';
import type { Attributes } from '../model/trace.ts';
import type { PointPart } from './contract.ts';
import { resourceMetrics } from './sdk-points.ts';
import type { Signal } from './signal.ts';
import { WIRE } from './wire.ts';

/** `resource`: of the sender as a whole. What names a pod would make every series one of its own. */
export const metricSignal = (resource: Attributes): Signal<MetricPoint, PointPart> => ({
  name: 'metrics',
  partOf,
  nameOf: ({ instrument, labels, end }) =>
    `point of ${instrument.name} ${JSON.stringify(labels)} at ${formatInstant(end)}`,
  encode: (points, protocol) =>
    WIRE[protocol].metrics.serializeRequest(resourceMetrics(points, resource)) ?? new Uint8Array(),
  unclear: 'ambiguous',
});

function partOf(points: readonly MetricPoint[]): PointPart {
  const startups = new Set(points.flatMap((point) => point.startups));
  return { points: points.length, startups: [...startups].sort(byText) };
}
