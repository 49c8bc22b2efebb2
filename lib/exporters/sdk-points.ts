// Metric points as what the SDK's serializers write: one metric per instrument, delta temporality.

import { type HrTime, ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { VERSION } from '../base/version.ts';
import type { HistogramValue, MetricKind, MetricPoint } from '../model/metric.ts';
import type { Attributes } from '../model/trace.ts';
import { hrTime, mutable } from './sdk-spans.ts';

const SCOPE = { name: 'coldtrace', version: VERSION };

/** Instruments in the order of their first point, points in their own. */
export function resourceMetrics(points: readonly MetricPoint[], resource: Attributes): ResourceMetrics {
  const metrics = [...byInstrument(points).values()].map(metricOf);
  return {
    resource: resourceFromAttributes(mutable(resource)),
    scopeMetrics: [{ scope: SCOPE, metrics }],
  };
}

type Group = readonly [MetricPoint, ...MetricPoint[]];

/** A name has one kind; were it to have two, they would be two metrics. */
function byInstrument(points: readonly MetricPoint[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, [MetricPoint, ...MetricPoint[]]>();
  for (const point of points) {
    const key = `${point.instrument.name} ${point.value.kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [point]);
    else group.push(point);
  }
  return groups;
}

function metricOf(group: Group): MetricData {
  const { instrument, value } = group[0];
  const { name, unit, says: description } = instrument;
  const shared = {
    descriptor: { name, unit, description, valueType: VALUE_TYPES[value.kind] },
    aggregationTemporality: AggregationTemporality.DELTA,
  };
  switch (value.kind) {
    case 'histogram':
      return { ...shared, dataPointType: DataPointType.HISTOGRAM, dataPoints: group.flatMap(histogramPoint) };
    case 'counter':
      return {
        ...shared,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: group.flatMap(numberPoint),
      };
    case 'gauge':
      return { ...shared, dataPointType: DataPointType.GAUGE, dataPoints: group.flatMap(numberPoint) };
  }
}

const VALUE_TYPES: Readonly<Record<MetricKind, ValueType>> = {
  histogram: ValueType.DOUBLE,
  counter: ValueType.INT,
  gauge: ValueType.DOUBLE,
};

const placed = ({
  start,
  end,
  labels,
}: MetricPoint): { startTime: HrTime; endTime: HrTime; attributes: ReturnType<typeof mutable> } => ({
  startTime: hrTime(start),
  endTime: hrTime(end),
  attributes: mutable(labels),
});

function histogramPoint(point: MetricPoint) {
  return point.value.kind === 'histogram' ? [{ ...placed(point), value: sdkHistogram(point.value) }] : [];
}

function numberPoint(point: MetricPoint) {
  return point.value.kind === 'histogram' ? [] : [{ ...placed(point), value: point.value.value }];
}

const sdkHistogram = ({ count, sum, min, max, bounds, counts }: HistogramValue) => ({
  buckets: { boundaries: [...bounds], counts: [...counts] },
  count,
  sum,
  min,
  max,
});
