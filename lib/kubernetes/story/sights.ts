// What the other witnesses saw of one pod, picked by what they saw.

import { before, SECOND } from '../../base/instant.ts';
import type { Saw, Sight, SightingRecord } from '../objects/sighting.ts';
import type { PodEvidence } from './evidence.ts';
import { byNumber, type Sighting } from './proofs.ts';

export type SightingOf<What extends Sight> = SightingRecord & {
  readonly saw: Extract<Saw, { readonly what: What }>;
};

/** In time order. */
export function seenOf<What extends Sight>(
  { sightings }: Pick<PodEvidence, 'sightings'>,
  what: What,
): readonly SightingOf<What>[] {
  const is = (sighting: SightingRecord): sighting is SightingOf<What> => sighting.saw.what === what;
  return sightings.filter(is);
}

/** The same as moments with their proof. */
export const sightsOf = (evidence: Pick<PodEvidence, 'sightings'>, what: Sight): readonly Sighting[] =>
  seenOf(evidence, what).map(asSighting);

/** Who only looks once a second saw that it happened in the second before: it is no finer. */
export const asSighting = ({ when, proof, noticed }: SightingRecord): Sighting =>
  noticed === true ? { when: { at: before(when.at, SECOND), precision: SECOND }, proof } : { when, proof };

/** What several witnesses saw of one thing: the earliest of each rule. Later ones are of another time that it happened. */
export function firstOfEach(sightings: readonly Sighting[]): readonly Sighting[] {
  const first = new Map<string, Sighting>();
  for (const sighting of [...sightings].sort((a, b) => byNumber(a.when.at, b.when.at)))
    if (!first.has(sighting.proof.rule)) first.set(sighting.proof.rule, sighting);
  return [...first.values()];
}
