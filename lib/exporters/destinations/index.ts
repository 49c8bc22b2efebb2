// Every destination that something is known of.

import type { DestinationName } from '../../model/destination.ts';
import type { DestinationProfile } from './contract.ts';
import { datadog } from './datadog.ts';
import { dynatrace } from './dynatrace.ts';
import { grafanaCloud } from './grafana-cloud.ts';
import { jaeger } from './jaeger.ts';
import { otlp } from './otlp.ts';
import { prometheus } from './prometheus.ts';
import { tempo } from './tempo.ts';

export const DESTINATIONS: Readonly<Record<DestinationName, DestinationProfile>> = {
  datadog,
  dynatrace,
  'grafana-cloud': grafanaCloud,
  jaeger,
  otlp,
  prometheus,
  tempo,
};
