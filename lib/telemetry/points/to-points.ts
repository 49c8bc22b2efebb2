// Startups as metric points, for the two kinds of store.
//
// A store that keeps raw points gets each startup at its own time. A store that
// adds up deltas (Prometheus) gets one point per series and run, whose interval
// joins the one before: it resets or drops what does not join, and answers 200.

import type { Instant } from '../../base/instant.ts';
import type { Tally } from '../../base/tally.ts';
import { newCounter } from '../../base/tally.ts';
import { byText } from '../../base/text.ts';
import { type SpanId, spanIdOf } from '../../model/ids.ts';
import { type MetricPoint, type PointValue, seriesOf } from '../../model/metric.ts';
import { rootKey } from '../../model/span-key.ts';
import type { Startup } from '../../model/startup.ts';
import { hasTime } from '../to-trace.ts';
import { histogramOf } from './buckets.ts';
import { type Observation, observe } from './observations.ts';
import { limitSeries, SERIES_LIMIT } from './overflow.ts';

export interface Points {
  /** Ordered by time, then by name and labels. */
  readonly points: readonly MetricPoint[];
  /** What is in no point, by why: `points.left_out.open`, `points.overflowed`, … */
  readonly tally: Tally;
}

/** One delta point per startup, instrument and labels, from the startup's start to its end. A startup given twice counts once. */
export function rawPoints(startups: readonly Startup[], limit = SERIES_LIMIT): Points {
  const { observations, tally, known } = observed(startups, limit);
  const groups = grouped(observations, (each) => `${each.startup} ${seriesOf(each)}`);
  const points = groups.flatMap((group) => {
    const startup = known.get(group[0].startup);
    return startup === undefined ? [] : [pointOf(group, startup.start.at, startup.end.at)];
  });
  return { points: points.sort(inOrder), tally };
}

/** A run of a caller that runs again: the interval that its points are about. */
export interface Run {
  /** Where the run before ended. */
  readonly start: Instant;
  readonly end: Instant;
  /** Where each series' last point ended, by `seriesOf`. A series that pauses for a run would not join otherwise. */
  readonly ends?: ReadonlyMap<string, Instant>;
}

/** One delta point per instrument and labels; remember `endsOf` the points for the next run. */
export function accumulatedPoints(startups: readonly Startup[], run: Run, limit = SERIES_LIMIT): Points {
  const { observations, tally } = observed(startups, limit);
  const points = grouped(observations, seriesOf).map((group) =>
    pointOf(group, run.ends?.get(seriesOf(group[0])) ?? run.start, run.end),
  );
  return { points: points.sort(inOrder), tally };
}

/** For the next run: where each series ended, those that had nothing this time included. */
export const endsOf = (
  points: readonly MetricPoint[],
  before: ReadonlyMap<string, Instant> = new Map(),
): ReadonlyMap<string, Instant> =>
  new Map([...before, ...points.map((point) => [seriesOf(point), point.end] as const)]);

interface Observed {
  readonly observations: readonly Observation[];
  readonly tally: Tally;
  readonly known: ReadonlyMap<SpanId, Startup>;
}

function observed(startups: readonly Startup[], limit: number): Observed {
  const { count, tally } = newCounter();
  const known = new Map(startups.filter(hasTime).map((startup) => [spanIdOf(rootKey(startup)), startup]));
  const looks = [...known.values()].flatMap(observe);
  for (const look of looks) if (typeof look === 'string') count(`points.left_out.${look}`);
  const timeless = startups.length - startups.filter(hasTime).length;
  if (timeless > 0) count('points.left_out.no_clock', timeless);
  const limited = limitSeries(
    looks.flatMap((look) => (typeof look === 'string' ? [] : look)),
    limit,
  );
  if (limited.overflowed > 0) count('points.overflowed', limited.overflowed);
  return { observations: limited.observations, tally, known };
}

/** At least one. */
type Group = readonly [Observation, ...Observation[]];

function grouped(observations: readonly Observation[], keyOf: (one: Observation) => string): Group[] {
  const groups = new Map<string, [Observation, ...Observation[]]>();
  for (const each of observations) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function pointOf(group: Group, start: Instant, end: Instant): MetricPoint {
  const { instrument, labels } = group[0];
  const { name, unit, says } = instrument;
  const startups = [...new Set(group.map(({ startup }) => startup))].sort(byText);
  return { instrument: { name, unit, says }, labels, start, end, value: aggregate(group), startups };
}

function aggregate(group: Group): PointValue {
  const { bounds } = group[0].instrument;
  const values = group.map(({ value }) => value);
  if (bounds === undefined) return { kind: 'counter', value: values.reduce((sum, value) => sum + value, 0) };
  return histogramOf(values, bounds);
}

function inOrder(a: MetricPoint, b: MetricPoint): number {
  if (a.end !== b.end) return a.end < b.end ? -1 : 1;
  return byText(`${seriesOf(a)}\0${a.startups.join()}`, `${seriesOf(b)}\0${b.startups.join()}`);
}
