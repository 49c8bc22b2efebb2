// Grafana Cloud: Tempo for spans, Mimir for points.

import type { DestinationProfile } from './contract.ts';
import { ADDED_UP, PROMETHEUS_CAVEATS, PROMETHEUS_SOURCES } from './prometheus.ts';
import { TEMPO_CAVEATS, TEMPO_SOURCES } from './tempo.ts';

export const grafanaCloud: DestinationProfile = {
  name: 'grafana-cloud',
  title: 'Grafana Cloud',
  spans: { of: 'start' },
  points: ADDED_UP,
  resentSpan: 'unknown',
  caveats: [...TEMPO_CAVEATS, ...PROMETHEUS_CAVEATS],
  sources: [...TEMPO_SOURCES, ...PROMETHEUS_SOURCES],
};
