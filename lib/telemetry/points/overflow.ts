// The limit of time series per instrument: what is over it is told together, not dropped.
//
// The OpenTelemetry specification's cardinality limit (metrics SDK): 2000 sets
// of labels per instrument, and one more, `otel.metric.overflow=true`.

import { byText } from '../../base/text.ts';
import { type Labels, seriesOf } from '../../model/metric.ts';
import type { Observation } from './observations.ts';

/** As the specification's default. */
export const SERIES_LIMIT = 2000;

export const OVERFLOW: Labels = { 'otel.metric.overflow': true };

export interface Limited {
  readonly observations: readonly Observation[];
  /** How many lost their labels. */
  readonly overflowed: number;
}

/**
 * The series with the most observations keep their labels, of equals those whose labels come first in text:
 * a choice that depends on what there is, not on the order of it.
 */
export function limitSeries(observations: readonly Observation[], limit = SERIES_LIMIT): Limited {
  const kept = new Set([...byInstrument(observations).values()].flatMap((series) => favoured(series, limit)));
  const limited = observations.map((each) =>
    kept.has(seriesOf(each)) ? each : { ...each, labels: OVERFLOW },
  );
  return {
    observations: limited,
    overflowed: observations.filter((each) => !kept.has(seriesOf(each))).length,
  };
}

/** Of each instrument: how many observations each series has. */
function byInstrument(observations: readonly Observation[]): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const each of observations) {
    const series = found.get(each.instrument.name) ?? new Map<string, number>();
    const key = seriesOf(each);
    series.set(key, (series.get(key) ?? 0) + 1);
    found.set(each.instrument.name, series);
  }
  return found;
}

/** One place is the overflow's own. */
function favoured(series: ReadonlyMap<string, number>, limit: number): readonly string[] {
  if (series.size <= limit) return [...series.keys()];
  return [...series]
    .sort(([a, many], [b, more]) => more - many || byText(a, b))
    .slice(0, limit - 1)
    .map(([key]) => key);
}
