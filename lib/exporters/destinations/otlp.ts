// Anything that takes OTLP, such as a Collector: nothing is known of what is behind it.

import type { DestinationProfile } from './contract.ts';
import { ANY_TIME } from './windows.ts';

export const otlp: DestinationProfile = {
  name: 'otlp',
  title: 'Any OTLP endpoint',
  spans: { of: 'start' },
  points: { keeps: 'raw', windows: ANY_TIME },
  resentSpan: 'unknown',
  caveats: [{ says: 'what is behind it may have limits that are not known here: name the destination' }],
  sources: [
    {
      fact: 'the Collector passes on spans of any age (48 h tried)',
      page: 'OpenTelemetry Collector 0.159.0, measured',
      read: '2026-11-22',
    },
  ],
};
