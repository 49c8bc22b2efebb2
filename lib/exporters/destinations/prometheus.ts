// Prometheus (and what is made like it), behind a Collector that adds up deltas.

import type { Caveat, DestinationProfile, PointIntake, Source } from './contract.ts';
import { ANY_TIME } from './windows.ts';

/** The time of a point is that of the run, so that no start is too old. */
export const ADDED_UP: PointIntake = { keeps: 'accumulated', windows: ANY_TIME };

export const PROMETHEUS_CAVEATS: readonly Caveat[] = [
  {
    says: 'points are told at the time of the run: quantiles are by when starts were analysed, not by when they were',
  },
  {
    says: 'intervals must join: what begins before the end of the last point of its series is dropped, with status 200',
  },
];

export const PROMETHEUS_SOURCES: readonly Source[] = [
  {
    fact: "deltas are added up only where a point begins at its series' last end; a gap resets, an overlap is dropped",
    page: 'OpenTelemetry Collector 0.159.0 with prometheusexporter, measured (test/servers/prometheus.test.ts)',
    read: '2026-11-24',
  },
  {
    fact: 'the out-of-order window is 0 by default; deltas need a feature flag',
    page: 'https://prometheus.io/docs/prometheus/latest/feature_flags/',
    read: '2026-11-21',
  },
];

export const prometheus: DestinationProfile = {
  name: 'prometheus',
  title: 'Prometheus',
  points: ADDED_UP,
  resentSpan: 'unknown',
  caveats: PROMETHEUS_CAVEATS,
  sources: PROMETHEUS_SOURCES,
};
