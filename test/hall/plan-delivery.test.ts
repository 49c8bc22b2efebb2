// What is decided before anything is sent, and what people are told of it.

import { describe, expect, it } from 'vitest';
import { instant, seconds } from '../../lib/base/instant.ts';
import type { DestinationName } from '../../lib/model/destination.ts';
import { UNKNOWN_PRECISION } from '../../lib/model/mark.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { planDelivery } from '../../lib/plan-delivery.ts';
import { at, FAILED, moment, READY, SETTINGS, startup } from '../telemetry/sample-startups.ts';

const NOW = instant(at(61) + seconds(600));

const planned = (startups: readonly Startup[], destination: DestinationName, metrics = true) =>
  planDelivery(startups, { trace: SETTINGS, sending: { destination, tooOld: 'refuse', metrics } }, NOW);

it('raw points at their own time, of a resource that names no pod', () => {
  const { plan, resource } = planned([FAILED, READY], 'datadog');
  expect([...new Set(plan.points.map(({ end }) => end))]).toEqual([at(30), at(61, 7n)]);
  expect(resource).toEqual({ 'service.name': 'vllm-startup', 'k8s.cluster.name': 'prod-eu' });
});

it('added up: one interval from the first start to now, and a warning of a second replay', () => {
  const { plan, notes } = planned([FAILED, READY], 'prometheus');
  expect(new Set(plan.points.map(({ start, end }) => `${start} ${end}`))).toEqual(
    new Set([`${at(0)} ${NOW}`]),
  );
  expect(plan.traces).toEqual([]);
  expect(notes.at(-1)).toMatch(/^Prometheus adds up deltas whose intervals join/);
});

it('without --metrics there are no points, and nothing is said of them', () => {
  expect(planned([FAILED, READY], 'otlp', false)).toMatchObject({ plan: { points: [] }, notes: [] });
});

describe('notes', () => {
  it('what is in no histogram, by why', () => {
    expect(planned([FAILED], 'otlp').notes).toEqual([
      'not in the histograms: 5 lengths (image was there already 1, never ready: no total 1, never ended 3)',
    ]);
  });

  it('a start without a clock is neither trace nor point', () => {
    const { notes, plan } = planned([startup({ end: moment(at(0), UNKNOWN_PRECISION) })], 'otlp');
    expect(plan).toMatchObject({ traces: [], points: [] });
    expect(notes).toEqual([
      '1 startup has no time at all and cannot be a trace: take the log with kubectl logs --timestamps',
      'not in the histograms: 1 length (no clock 1)',
    ]);
  });
});

describe('caveats', () => {
  it('of old spans only where there is one', () => {
    const isOfSearch = (text: string) => text.includes('not by a search over their own time');
    expect(planned([READY], 'tempo', false).caveats.some(isOfSearch)).toBe(true);
    const fresh = planDelivery(
      [READY],
      { trace: SETTINGS, sending: { destination: 'tempo', tooOld: 'refuse', metrics: false } },
      at(62),
    );
    expect(fresh.caveats).toEqual([]);
  });
});
