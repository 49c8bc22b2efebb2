// A pull whose container is known, as two sightings.

import type { PodReference, SightingRecord } from '../objects/sighting.ts';
import type { Claim } from './claims.ts';
import type { Pull } from './pulls.ts';
import { sightingOf } from './sighting-of.ts';

export function pullSightings(pull: Pull, claim: Claim | undefined): readonly SightingRecord[] {
  const pod = claim?.pod;
  if (claim === undefined || pod === undefined) return [];
  return [...began(pull, pod, claim.container), ...ended(pull, pod, claim.container)];
}

function began({ asked, image }: Pull, pod: PodReference, container: string): readonly SightingRecord[] {
  return asked === undefined ? [] : [sightingOf(asked, pod, { what: 'pull_began', container, image })];
}

function ended(pull: Pull, pod: PodReference, container: string): readonly SightingRecord[] {
  const { image, took, bytes, failed } = pull;
  if (pull.ended === undefined) return [];
  return [
    sightingOf(pull.ended, pod, {
      what: 'pull_ended',
      container,
      image,
      ...(took === undefined ? {} : { took }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(failed ? { failed } : {}),
    }),
  ];
}
