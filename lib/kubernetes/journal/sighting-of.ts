// A sighting, from the line that proves it.

import type { PodReference, Saw, SightingRecord } from '../objects/sighting.ts';
import type { Fact } from './evidence.ts';

export const sightingOf = ({ when, proof, host }: Fact, pod: PodReference, saw: Saw): SightingRecord => ({
  kind: 'sighting',
  pod,
  saw,
  when,
  proof,
  node: host,
});
