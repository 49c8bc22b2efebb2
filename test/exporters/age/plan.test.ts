// What goes and what stays behind: limits to the nanosecond, every policy, nothing lost from the count.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duration, duration, instant, seconds } from '../../../lib/base/instant.ts';
import { type Plan, planOf } from '../../../lib/exporters/age/plan.ts';
import { lengthText, planNotes, planTable } from '../../../lib/exporters/age/plan-text.ts';
import { DESTINATIONS } from '../../../lib/exporters/destinations/index.ts';
import {
  DESTINATION_NAMES,
  type DestinationName,
  TOO_OLD_POLICIES,
  type TooOldPolicy,
} from '../../../lib/model/destination.ts';
import { rawPoints } from '../../../lib/telemetry/points/to-points.ts';
import { toTraces } from '../../../lib/telemetry/to-trace.ts';
import { at, FAILED, READY, SETTINGS } from '../../telemetry/sample-startups.ts';

/** One pod with two attempts: 0 s to 30 s failed, 30 s to 61 s ready. */
const TRACES = toTraces([FAILED, READY], SETTINGS);
const { points: POINTS } = rawPoints([FAILED, READY]);
const SPANS = TRACES.flatMap(({ spans }) => spans).length;

const later = (from: bigint, wait: Duration) => instant(from + wait);
const hours = (n: number) => seconds(n * 3600);

function plan(name: DestinationName, policy: TooOldPolicy, now: bigint): Plan {
  return planOf(DESTINATIONS[name], { traces: TRACES, points: POINTS }, { policy, now: instant(now) });
}

const row = ({ rows }: Plan, what: string) => rows.find((one) => one.what === what);

describe('limits', () => {
  it.each<[string, DestinationName, bigint, number]>([
    ['datadog, spans that began 18 h ago: all', 'datadog', later(at(0), hours(18)), SPANS],
    // The second attempt began 30 s later.
    [
      'datadog, a nanosecond more: the first attempt stays, whole',
      'datadog',
      later(at(0), hours(18)) + 1n,
      6,
    ],
    ['datadog, the second is too old as well', 'datadog', later(at(30), hours(18)) + 1n, 0],
    // The first span of the first attempt to end: pod_pending, at 2 s.
    ['dynatrace counts from the end of a span', 'dynatrace', later(at(2), hours(1)), SPANS],
    ['dynatrace, a nanosecond more', 'dynatrace', later(at(2), hours(1)) + 1n, 6],
    ['datadog, 2 h in the future', 'datadog', at(61, 7n) - hours(2), SPANS],
    ['datadog, more than 2 h in the future', 'datadog', at(61, 7n) - hours(2) - 1n, 7],
    ['otlp, ten years on', 'otlp', later(at(0), hours(87_600)), SPANS],
    ['tempo, ten years on', 'tempo', later(at(0), hours(87_600)), SPANS],
  ])('%s', (_, name, now, sent) => {
    const planned = plan(name, 'skip', now);
    expect(planned.traces.flatMap(({ spans }) => spans)).toHaveLength(sent);
    expect(row(planned, 'span')).toMatchObject({ sent, kept: SPANS - sent });
  });

  it.each<[bigint, number]>([
    [later(at(30), hours(1)), POINTS.length],
    [later(at(30), hours(1)) + 1n, POINTS.filter(({ end }) => end > at(30)).length],
    [later(at(61, 7n), hours(1)) + 1n, 0],
  ])('datadog, points by their own time', (now, sent) => {
    expect(plan('datadog', 'skip', now).points).toHaveLength(sent);
  });
});

describe('policies, a day later', () => {
  const now = later(at(61, 7n), hours(24));

  it('refuse: nothing goes, and the run has failed', () => {
    expect(plan('datadog', 'refuse', now)).toMatchObject({ traces: [], points: [], refused: true });
  });

  it('refuse, a minute later: everything goes', () => {
    expect(plan('datadog', 'refuse', at(121))).toMatchObject({
      traces: TRACES,
      points: POINTS,
      refused: false,
    });
  });

  it('skip: nothing goes, and that is all', () => {
    expect(plan('datadog', 'skip', now)).toMatchObject({ traces: [], points: [], refused: false });
  });

  it('send: everything goes, and is counted apart', () => {
    const planned = plan('datadog', 'send', now);
    expect(planned).toMatchObject({ traces: TRACES, points: POINTS, refused: false });
    expect(row(planned, 'span')).toMatchObject({ sent: 0, sentAnyway: SPANS });
  });

  it('gauge: histograms become gauges of their own name at their own time; counters stay; spans stay behind', () => {
    const planned = plan('datadog', 'gauge', now);
    expect(planned.traces).toEqual([]);
    const total = planned.points.find(
      ({ instrument }) => instrument.name === 'startup.total.duration_seconds.last',
    );
    expect(total).toMatchObject({ value: { kind: 'gauge', value: 31.000000007 }, end: at(61, 7n) });
    expect(new Set(planned.points.map(({ value }) => value.kind))).toEqual(new Set(['gauge', 'counter']));
    expect(planned.points).toHaveLength(POINTS.length);
    expect(planned.refused).toBe(false);
  });

  it('gauge, two years later: not even so', () => {
    expect(plan('datadog', 'gauge', later(at(0), hours(17_520))).points).toEqual([]);
  });

  it('what a destination takes nothing of is not refused', () => {
    const planned = plan('prometheus', 'refuse', at(121));
    expect(planned).toMatchObject({ traces: [], points: POINTS, refused: false });
    expect(planNotes(planned, { profile: DESTINATIONS.prometheus, policy: 'refuse' })).toEqual([
      `${SPANS} spans not sent: Prometheus takes no spans`,
    ]);
  });
});

it('everything is counted once, whatever the destination, the policy and the moment', () => {
  const kinds = (kind: string) => POINTS.filter(({ value }) => value.kind === kind).length;
  fc.assert(
    fc.property(
      fc.constantFrom(...DESTINATION_NAMES),
      fc.constantFrom(...TOO_OLD_POLICIES),
      fc.bigInt(-(10n ** 14n), 10n ** 15n),
      (name, policy, offset) => {
        const planned = plan(name, policy, at(0) + offset);
        for (const { what, sent, sentAnyway, historical, kept } of planned.rows)
          expect(sent + sentAnyway + historical + kept).toBe(what === 'span' ? SPANS : kinds(what));
        const [gone, told] = [planned.points.length, planned.rows.filter(({ what }) => what !== 'span')];
        expect(told.reduce((sum, { kept }) => sum + kept, gone)).toBe(POINTS.length);
        if (policy === 'refuse')
          expect(planned.refused).toBe(planned.rows.some(({ kept, misfit }) => kept > 0 && misfit));
      },
    ),
  );
});

describe('in words', () => {
  const words = { profile: DESTINATIONS.datadog, policy: 'refuse' as const };

  it('a table for a dry run', () => {
    expect(planTable(plan('datadog', 'refuse', later(at(61, 7n), hours(2))), words)).toEqual([
      '  datadog     to send  historical  not sent',
      `  spans            ${SPANS}           0         0`,
      '  histograms        0           0         8  older than the 1 h that Datadog takes, by up to 1 h 32 s (--too-old refuse)',
      '  counters          0           0         2  older than the 1 h that Datadog takes, by up to 1 h 32 s (--too-old refuse)',
    ]);
  });

  it('after a delivery only what did not go as it was', () => {
    expect(planNotes(plan('datadog', 'refuse', at(121)), words)).toEqual([]);
    expect(
      planNotes(plan('datadog', 'gauge', later(at(61), hours(2))), { ...words, policy: 'gauge' })[0],
    ).toMatch(
      /^\d histograms sent as gauges: older than the 1 h .* \(--too-old gauge\); needs Historical Metrics Ingestion/,
    );
  });

  it.each([
    [0n, '0 s'],
    [1n, '1 s'],
    [18n * 3600n * 1_000_000_000n, '18 h'],
    [97_201n * 1_000_000_000n, '1 d 3 h'],
    [125n * 1_000_000_000n, '2 min 5 s'],
  ])('%i ns: %s', (length, text) => {
    expect(lengthText(duration(length))).toBe(text);
  });
});
