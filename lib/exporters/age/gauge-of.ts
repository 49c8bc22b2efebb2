// A histogram point as a last-value gauge: for a past that is taken only so.

import type { MetricPoint } from '../../model/metric.ts';

/** Of several values in one point (a phase that occurred twice) the longest. The name is its own: a name has one type. */
export function gaugeOf(point: MetricPoint): MetricPoint {
  if (point.value.kind !== 'histogram') return point;
  const { instrument, value } = point;
  return {
    ...point,
    instrument: {
      ...instrument,
      name: `${instrument.name}.last`,
      says: `${instrument.says}; the last value`,
    },
    value: { kind: 'gauge', value: value.max },
  };
}
