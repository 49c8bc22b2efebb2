// Points of many startups as one per series: sums, and intervals that join.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '../../../lib/base/instant.ts';
import { seriesOf } from '../../../lib/model/metric.ts';
import { mergePoints } from '../../../lib/telemetry/points/merge-points.ts';
import { rawPoints } from '../../../lib/telemetry/points/to-points.ts';
import { toldBy } from '../../faults/scene.ts';

const { points } = rawPoints(await toldBy(['crashloop', 'oom', 'vllm-cold-image']));

const NOW = instant(1_800_000_000_000_000_000n);
const SINCE = instant(1_700_000_000_000_000_000n);
const joining = { ends: new Map<string, Instant>(), since: SINCE, now: NOW };

describe('mergePoints', () => {
  it('adds counts, sums and buckets; keeps the least and the most; one point per series', () => {
    const merged = mergePoints(points, joining);
    expect(new Set(merged.map(seriesOf)).size).toBe(merged.length);
    expect(merged.length).toBeLessThan(points.length);
    for (const point of merged) {
      const { value } = point;
      const own = points.filter((each) => seriesOf(each) === seriesOf(point));
      const histograms = own.flatMap((each) => (each.value.kind === 'histogram' ? [each.value] : []));
      const counters = own.flatMap((each) => (each.value.kind === 'counter' ? [each.value.value] : []));
      if (value.kind === 'counter') expect(value.value).toBe(counters.reduce((a, b) => a + b, 0));
      if (value.kind !== 'histogram') continue;
      expect(value.count).toBe(histograms.reduce((sum, { count }) => sum + count, 0));
      expect(value.sum).toBeCloseTo(
        histograms.reduce((sum, each) => sum + each.sum, 0),
        6,
      );
      expect(value.counts.reduce((a, b) => a + b, 0)).toBe(value.count);
      expect(value.min).toBe(Math.min(...histograms.map(({ min }) => min)));
      expect(value.max).toBe(Math.max(...histograms.map(({ max }) => max)));
    }
  });

  it('the order of points does not matter', () => {
    const whole = mergePoints(points, joining);
    fc.assert(
      fc.property(fc.shuffledSubarray([...points], { minLength: points.length }), (shuffled) => {
        expect(mergePoints(shuffled, joining)).toEqual(whole);
      }),
    );
  });

  it('any sequence of runs, clocks that go back included: intervals join, none is empty, sums are those of one run', () => {
    const runs = fc.array(fc.record({ take: fc.nat({ max: 40 }), clock: fc.integer({ min: -5, max: 9 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(runs, (plan) => {
        const ends = new Map<string, Instant>();
        let left = [...points];
        for (const { take, clock } of plan) {
          const now = instant(NOW + BigInt(clock) * 1_000_000_000n);
          for (const point of mergePoints(left.slice(0, take), { ends, since: SINCE, now })) {
            expect(point.start).toBe(ends.get(seriesOf(point)) ?? SINCE);
            expect(point.end).toBeGreaterThan(point.start);
            ends.set(seriesOf(point), point.end);
          }
          left = left.slice(take);
        }
      }),
    );
  });

  it('of no points none', () => expect(mergePoints([], joining)).toEqual([]));
});
