// Dynatrace's OTLP intake.

import type { DestinationProfile } from './contract.ts';
import { ANY_TIME, minutes } from './windows.ts';

export const dynatrace: DestinationProfile = {
  name: 'dynatrace',
  title: 'Dynatrace',
  spans: { past: minutes(60), future: minutes(10), of: 'end' },
  points: { keeps: 'raw', windows: ANY_TIME },
  resentSpan: 'unknown',
  caveats: [
    {
      says: 'no age limit of OTLP points is documented; histograms with explicit buckets need version 1.300',
    },
  ],
  sources: [
    {
      fact: 'spans end at most 60 min past, 10 min future',
      page: 'https://docs.dynatrace.com/docs/ingest-from/opentelemetry/otlp-api/ingest-traces',
      read: '2026-11-21',
    },
    {
      fact: 'points must be deltas; explicit buckets from version 1.300; label values up to 255 characters',
      page: 'https://docs.dynatrace.com/docs/ingest-from/opentelemetry/otlp-api/ingest-otlp-metrics/about-metrics-ingest',
      read: '2026-11-24',
    },
  ],
};
