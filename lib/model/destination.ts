// Where telemetry goes, by name, and what becomes of what is too old for it.
//
// The names are configuration: what is known of each is data in lib/exporters/destinations/.

export const DESTINATION_NAMES = [
  'datadog',
  'dynatrace',
  'grafana-cloud',
  'jaeger',
  'otlp',
  'prometheus',
  'tempo',
] as const;

export type DestinationName = (typeof DESTINATION_NAMES)[number];

/**
 * refuse: not sent, and the run has failed. skip: not sent, and told. send: sent all the same, and told.
 * gauge: points go as last-value gauges where the destination takes the past so; everything else as skip.
 */
export const TOO_OLD_POLICIES = ['refuse', 'skip', 'send', 'gauge'] as const;

export type TooOldPolicy = (typeof TOO_OLD_POLICIES)[number];
