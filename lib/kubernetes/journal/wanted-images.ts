// Which container wants which image, as pod objects and the kubelet's errors tell.

import { sameImage } from '../../model/image-name.ts';
import type { KubeRecord } from '../objects/record.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { JournalEvidence } from './evidence.ts';

export interface WantedImage {
  readonly pod: PodReference;
  readonly container: string;
  readonly image: string;
}

/** From pod objects: pass it to `joinJournal` where there are some. */
export function wantedImages(records: readonly KubeRecord[]): readonly WantedImage[] {
  return records.flatMap((record) => {
    if (record.kind !== 'pod') return [];
    const { uid, namespace, name, containers } = record;
    return containers.flatMap(({ name: container, image }) =>
      image === undefined ? [] : [{ pod: { uid, namespace, name }, container, image }],
    );
  });
}

export interface Wishes {
  /** Whether the container wants the image; undefined when nothing is known of it. */
  readonly wants: (pod: PodReference, container: string, image: string) => boolean | undefined;
  /** Every container that wants the image, each once. */
  readonly of: (image: string) => readonly WantedImage[];
}

/** A kubelet's error proves what it names, and nothing else: the image may have been set anew since. */
export function wishesOf(known: readonly WantedImage[], evidence: JournalEvidence): Wishes {
  const told = evidence.of('wants').map(({ says: { pod, container, image } }) => ({ pod, container, image }));
  const all = [...known, ...told];
  const imagesOf = (list: readonly WantedImage[], pod: PodReference, container: string) =>
    list.filter((one) => one.container === container && samePod(one.pod, pod));
  return {
    wants: (pod, container, image) => {
      if (imagesOf(all, pod, container).some((one) => sameImage(one.image, image))) return true;
      return imagesOf(known, pod, container).length > 0 ? false : undefined;
    },
    of: (image) => eachOnce(all.filter((one) => sameImage(one.image, image))),
  };
}

/** By uid where both have one: names are used again. */
export function samePod(a: PodReference, b: PodReference): boolean {
  if (a.uid !== undefined && b.uid !== undefined) return a.uid === b.uid;
  return a.name !== undefined && a.name === b.name && a.namespace === b.namespace;
}

const eachOnce = (all: readonly WantedImage[]): readonly WantedImage[] =>
  all.filter(
    (one, index) =>
      all.findIndex((other) => other.container === one.container && samePod(other.pod, one.pod)) === index,
  );
