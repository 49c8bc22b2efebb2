// Grafana Tempo.

import type { Caveat, DestinationProfile, Source } from './contract.ts';
import { minutes } from './windows.ts';

/** Also of Tempo as Grafana Cloud runs it. */
export const TEMPO_CAVEATS: readonly Caveat[] = [
  {
    after: minutes(2),
    says: "found by trace id without a time range, not by a search over their own time (a block's range is clamped to now ± 2 min)",
  },
];

export const TEMPO_SOURCES: readonly Source[] = [
  {
    fact: 'any age is accepted; ingestion_time_range_slack is 2 min',
    page: 'grafana/tempo docs/sources/tempo/configuration/_index.md, tempodb/encoding/common/slackTimeRange.go, issue 1299',
    read: '2026-08-21',
  },
];

export const tempo: DestinationProfile = {
  name: 'tempo',
  title: 'Grafana Tempo',
  spans: { of: 'start' },
  resentSpan: 'unknown',
  caveats: TEMPO_CAVEATS,
  sources: TEMPO_SOURCES,
};
