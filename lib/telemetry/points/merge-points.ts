// Points of many startups as one point per series: for a store that adds up deltas, whose intervals must join.

import { after, duration, type Instant, latest } from '../../base/instant.ts';
import { byText } from '../../base/text.ts';
import type { SpanId } from '../../model/ids.ts';
import { type HistogramValue, type MetricPoint, type PointValue, seriesOf } from '../../model/metric.ts';

/** Where each series' last point ended, by `seriesOf`; `since`: where one begins that has none yet. */
export interface Joining {
  readonly ends: ReadonlyMap<string, Instant>;
  readonly since: Instant;
  readonly now: Instant;
}

/** The least by which an interval is longer than nothing: OTLP's unit. */
const MOMENT = duration(1n);

/**
 * One point per series, from where its last one ended until now. Points of one series have one kind and, of
 * histograms, one set of bounds; what has not is left as it is in the first of them, never guessed.
 */
export function mergePoints(
  points: readonly MetricPoint[],
  { ends, since, now }: Joining,
): readonly MetricPoint[] {
  const bySeries = Map.groupBy(points, seriesOf);
  return [...bySeries]
    .toSorted(([a], [b]) => byText(a, b))
    .flatMap(([series, unsorted]) => {
      // A sum of floats depends on the order of adding in its last digit.
      const group = unsorted.toSorted((a, b) => byText(a.startups.join(), b.startups.join()));
      const start = ends.get(series) ?? since;
      const [first] = group;
      // A clock that went back must not make an interval that ends before it begins.
      const end = latest(now, after(start, MOMENT));
      return first === undefined
        ? []
        : [{ ...first, start, end, value: sumOf(group), startups: startupsOf(group) }];
    });
}

const startupsOf = (group: readonly MetricPoint[]): readonly SpanId[] =>
  [...new Set(group.flatMap(({ startups }) => startups))].toSorted(byText);

const sumOf = (group: readonly MetricPoint[]): PointValue =>
  group.map(({ value }) => value).reduce((sum, value) => added(sum, value));

function added(sum: PointValue, value: PointValue): PointValue {
  if (sum.kind === 'histogram' && value.kind === 'histogram') return addedHistogram(sum, value);
  if (sum.kind === 'counter' && value.kind === 'counter')
    return { kind: 'counter', value: sum.value + value.value };
  return sum;
}

const addedHistogram = (a: HistogramValue, b: HistogramValue): HistogramValue => ({
  ...a,
  count: a.count + b.count,
  sum: a.sum + b.sum,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)),
});
