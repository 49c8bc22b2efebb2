// Jaeger.

import type { DestinationProfile } from './contract.ts';
import { hours } from './windows.ts';

export const jaeger: DestinationProfile = {
  name: 'jaeger',
  title: 'Jaeger',
  spans: { of: 'start' },
  resentSpan: 'duplicates',
  caveats: [
    { after: hours(72), says: 'on Elasticsearch not looked up beyond max_span_age, 72 h by default' },
    { says: 'a span sent twice is shown twice, with the warning "duplicate span IDs"' },
  ],
  sources: [
    {
      fact: 'Elasticsearch max_span_age 72 h, for look-ups',
      page: 'jaegertracing/jaeger internal/storage/v1/elasticsearch/options.go',
      read: '2026-08-20',
    },
    {
      fact: 'duplicate span ids are kept and warned of',
      page: 'jaegertracing/jaeger cmd/jaeger/internal/extension/jaegerquery/internal/adjuster/clockskew.go',
      read: '2026-08-20',
    },
  ],
};
