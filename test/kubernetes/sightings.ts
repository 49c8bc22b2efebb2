// Sightings for tests: seconds after the hour, as the pods and events beside them.

import { type Duration, instant, MICROSECOND } from '../../lib/base/instant.ts';
import type { PodReference, Saw, SightingRecord } from '../../lib/kubernetes/objects/sighting.ts';
import { nanos, UID } from './pods.ts';

export interface SightingFor {
  readonly at: number;
  readonly rule: string;
  readonly saw: Saw;
  readonly precision?: Duration;
  readonly pod?: Partial<PodReference>;
}

export const sighting = ({
  at,
  rule,
  saw,
  precision = MICROSECOND,
  pod = {},
}: SightingFor): SightingRecord => ({
  kind: 'sighting',
  pod: { uid: UID, namespace: 'ns', name: 'demo', ...pod },
  saw,
  when: { at: instant(nanos(at)), precision },
  proof: { source: 'a.log', line: Math.round(at * 1000), text: `${saw.what} at ${at}`, rule },
  node: rule.startsWith('audit.') ? undefined : 'node-1',
});
