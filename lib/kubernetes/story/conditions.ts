// Conditions of a pod that turned True.

import type { Condition, PodRecord } from '../objects/pod-record.ts';
import type { PodEvidence } from './evidence.ts';
import { podSighting, type Sighting } from './proofs.ts';

/** The earliest change to True that any version of the pod tells of. */
export function firstTrue({ versions }: PodEvidence, types: readonly string[]): Sighting | undefined {
  return trueSightings(versions, types).reduce<Sighting | undefined>(earlier, undefined);
}

export const earlier = (a: Sighting | undefined, b: Sighting): Sighting =>
  a && a.when.at <= b.when.at ? a : b;

/** Every change to True that any version of the pod tells of. */
export function trueSightings(versions: readonly PodRecord[], types: readonly string[]): readonly Sighting[] {
  return versions.flatMap((pod) =>
    pod.conditions
      .filter((condition) => condition.isTrue && types.includes(condition.type))
      .flatMap((condition) => conditionSighting(pod, condition) ?? []),
  );
}

const conditionSighting = (pod: PodRecord, { type, at }: Condition): Sighting | undefined =>
  podSighting(pod, { field: `condition ${type}=True since`, when: at, rule: `condition.${type}` });
