// Datadog, through a Collector with its exporter or its own OTLP intake.

import type { DestinationProfile, Window } from './contract.ts';
import { days, hours, minutes } from './windows.ts';

/** "Current is defined as not more than 10 minutes in the future or more than 1 hour in the past." */
const CURRENT: Window = { past: hours(1), future: minutes(10) };

export const datadog: DestinationProfile = {
  name: 'datadog',
  title: 'Datadog',
  spans: { past: hours(18), future: hours(2), of: 'start' },
  points: {
    keeps: 'raw',
    windows: { histogram: CURRENT, counter: CURRENT, gauge: CURRENT },
    historical: {
      kinds: ['counter', 'gauge'],
      // "Default of 15 months": of 30 days each, so as not to be late by a day.
      past: days(450),
      needs: 'Historical Metrics Ingestion switched on for each metric (not on ddog-gov)',
    },
  },
  resentSpan: 'unknown',
  caveats: [
    { says: 'spans are found after the live window of 15 minutes only where a retention filter keeps them' },
    {
      says: 'of historical points with one time and one set of tags the last value wins: gauges of starts that end in one second hide each other',
    },
  ],
  sources: [
    {
      fact: 'spans 18 h past, 2 h future',
      page: 'DataDog/documentation content/en/tracing/troubleshooting/_index.md, "Data volume guidelines" (@00dc0c48)',
      read: '2026-11-21',
    },
    {
      fact: 'points 1 h past, 10 min future',
      page: 'https://docs.datadoghq.com/api/latest/metrics/ (Submit metrics)',
      read: '2026-11-24',
    },
    {
      fact: 'historical ingestion: counts, rates and gauges, no distributions; 15 months by default; the last value wins',
      page: 'https://docs.datadoghq.com/metrics/custom_metrics/historical_metrics',
      read: '2026-11-24',
    },
    {
      fact: 'points must be deltas; a cumulative stream loses its first point',
      page: 'https://docs.datadoghq.com/opentelemetry/guide/otlp_delta_temporality/',
      read: '2026-11-21',
    },
  ],
};
