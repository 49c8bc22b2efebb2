// Conditions of a pod that turned True.

import type { Condition, PodRecord } from '../objects/pod-record.ts';
import type { PodEvidence } from './evidence.ts';
import { podSighting, podSource, type Sighting } from './proofs.ts';

/** The earliest change to True that any version of the pod tells of. */
export function firstTrue({ versions }: PodEvidence, types: readonly string[]): Sighting | undefined {
  return trueSightings(versions, types).reduce<Sighting | undefined>(earlier, undefined);
}

export const earlier = (a: Sighting | undefined, b: Sighting): Sighting =>
  a && a.when.at <= b.when.at ? a : b;

/** Every change to True that any version of the pod tells of: once, however many versions repeat it. */
export function trueSightings(versions: readonly PodRecord[], types: readonly string[]): readonly Sighting[] {
  const turned = versions.flatMap((pod) =>
    pod.conditions
      .filter(({ type, isTrue }) => isTrue && types.includes(type))
      .map((condition) => [keyOf(pod, condition), pod, condition] as const),
  );
  const told = new Map(turned.map((turn) => [turn[0], turn]));
  return [...told.values()].flatMap(([, pod, condition]) => conditionSighting(pod, condition) ?? []);
}

/** Whatever stands in its sighting. */
const keyOf = (pod: PodRecord, { type, at }: Condition): string =>
  `${type} ${at.at} ${at.precision} ${podSource(pod)}`;

const conditionSighting = (pod: PodRecord, { type, at }: Condition): Sighting | undefined =>
  podSighting(pod, { field: `condition ${type}=True since`, when: at, rule: `condition.${type}` });
