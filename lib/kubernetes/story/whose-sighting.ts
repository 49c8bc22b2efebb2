// Whose life a sighting is of, when its witness knew the pod by name only.

import { groupedBy } from '../objects/grouped.ts';
import type { PodReference, SightingRecord } from '../objects/sighting.ts';
import { byNumber } from './proofs.ts';

/** A pod of which the uid is known, and since when it has been there, if that is known. */
export interface NamedPod {
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly created: bigint | undefined;
}

/**
 * Sightings by pod uid. A name may be used again: the pod of that name that was
 * made last before the sighting has it. One that fits nobody is left out:
 * whose it was cannot be known.
 */
export function sightingsByPod(
  sightings: readonly SightingRecord[],
  pods: readonly NamedPod[],
): ReadonlyMap<string, readonly SightingRecord[]> {
  const byName = groupedBy(withOwnNames(pods, sightings), nameOf);
  const owned = sightings.flatMap((sighting) => {
    const uid = sighting.pod.uid ?? ownerAt(byName.get(nameOf(sighting.pod)) ?? [], sighting);
    return uid === undefined ? [] : [{ uid, sighting }];
  });
  const grouped = groupedBy(owned, ({ uid }) => uid);
  return new Map([...grouped].map(([uid, all]) => [uid, inOrder(all.map(({ sighting }) => sighting))]));
}

/** A witness that knows the uid teaches it to one that only knows the name. */
function withOwnNames(pods: readonly NamedPod[], sightings: readonly SightingRecord[]): readonly NamedPod[] {
  const known = new Map(pods.map((pod) => [pod.uid, pod]));
  for (const { pod, saw, when } of sightings) {
    const { uid, namespace, name } = pod;
    if (uid === undefined || name === undefined) continue;
    const before = known.get(uid);
    const created = saw.what === 'created' ? when.at : before?.created;
    known.set(uid, { uid, namespace: before?.namespace ?? namespace, name: before?.name ?? name, created });
  }
  return [...known.values()];
}

const nameOf = ({ namespace, name }: Pick<PodReference, 'namespace' | 'name'>): string =>
  `${namespace ?? ''}/${name ?? ''}`;

/** A creationTimestamp is cut to the second; the sighting may be of the creation itself. */
function ownerAt(pods: readonly NamedPod[], { when }: SightingRecord): string | undefined {
  const [sole] = pods;
  if (pods.length <= 1) return sole?.uid;
  const there = pods.filter(({ created }) => created !== undefined && created <= when.at + when.precision);
  return [...there].sort((a, b) => byNumber(b.created ?? 0n, a.created ?? 0n))[0]?.uid;
}

/** Each once, in an order that depends on nothing but what they say. */
function inOrder(sightings: readonly SightingRecord[]): readonly SightingRecord[] {
  const unique = new Map(sightings.map((sighting) => [textOf(sighting), sighting]));
  return [...unique]
    .sort(([a, x], [b, y]) => byNumber(x.when.at, y.when.at) || (a < b ? -1 : 1))
    .map(([, sighting]) => sighting);
}

const textOf = (sighting: SightingRecord): string =>
  JSON.stringify(sighting, (_, value) => (typeof value === 'bigint' ? String(value) : value));
