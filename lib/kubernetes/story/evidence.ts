// Everything the records say about one pod, freed from order, repetition and splitting.

import { byText } from '../../base/text.ts';
import type { ContainerKind } from '../../model/pod-story.ts';
import type { EventRecord } from '../objects/event-record.ts';
import { containerIn, imageIn } from '../objects/messages.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import type { SightingRecord } from '../objects/sighting.ts';
import { mergeEvents, type PodEvent } from './event-versions.ts';
import { kindOfLife } from './kind-of-life.ts';
import { podVersions } from './pod-versions.ts';
import { byNumber } from './proofs.ts';
import { watchSightings } from './seen-versions.ts';

export type { Occurrence, PodEvent } from './event-versions.ts';

export interface KnownContainer {
  readonly name: string;
  readonly kind: ContainerKind;
}

export interface PodEvidence {
  readonly uid: string;
  /** The newest version. */
  readonly pod: PodRecord | undefined;
  /** All versions, oldest first: a watch stream keeps what status forgets. */
  readonly versions: readonly PodRecord[];
  /** In time order; `container` is filled in wherever it can be told. */
  readonly events: readonly PodEvent[];
  /** Of the audit log, the node's journals, a watch; in time order. */
  readonly sightings: readonly SightingRecord[];
  /** As the pod lists them, init containers first; else as events and journals name them. */
  readonly containers: readonly KnownContainer[];
}

/** All records of one pod. */
export interface PodRecords {
  readonly uid: string;
  readonly pods: readonly PodRecord[];
  readonly events: readonly EventRecord[];
  /** In time order. */
  readonly sightings: readonly SightingRecord[];
}

export function evidenceOf({ uid, pods, events, sightings }: PodRecords): PodEvidence {
  const versions = podVersions(pods);
  const pod = versions.at(-1);
  const merged = mergeEvents(events);
  const containers = knownContainers(pod, merged, sightings);
  const named = merged.map((event) => ({ ...event, container: containerOf(event, pod, containers) }));
  return {
    uid,
    pod,
    versions,
    events: named,
    sightings: [...sightings, ...watchSightings(versions)].sort(byWhen),
    containers,
  };
}

const byWhen = (a: SightingRecord, b: SightingRecord): number => byNumber(a.when.at, b.when.at);

/** As events and statuses name them; of those that only a journal names, their lives must tell what they are. */
function knownContainers(
  pod: PodRecord | undefined,
  events: readonly PodEvent[],
  sightings: readonly SightingRecord[],
): readonly KnownContainer[] {
  if (pod !== undefined && pod.containers.length > 0) return pod.containers;
  const known = new Map<string, KnownContainer>();
  for (const { name, kind } of [...inStatus(pod), ...events.flatMap(inEvent)])
    known.set(name, { name, kind: known.get(name)?.kind === 'init' ? 'init' : kind });
  for (const name of new Set(sightings.flatMap(inSighting)))
    if (!known.has(name)) known.set(name, { name, kind: kindOfLife(name, sightings) });
  return [...known.values()].sort((a, b) => byText(a.kind, b.kind) || byText(a.name, b.name));
}

/** When only patches of its status are known: they do not tell native sidecars from init containers. */
const inStatus = (pod: PodRecord | undefined): readonly KnownContainer[] =>
  (pod?.statuses ?? []).map(({ container, isInit }) => ({ name: container, kind: isInit ? 'init' : 'main' }));

function inEvent({ container, message, isInit }: PodEvent): readonly KnownContainer[] {
  const name = container ?? containerIn(message);
  return name === undefined ? [] : [{ name, kind: isInit ? 'init' : 'main' }];
}

const inSighting = ({ saw }: SightingRecord): readonly string[] =>
  'container' in saw && saw.container !== undefined ? [saw.container] : [];

/** Old kubelets and table exports lack fieldPath: then the message, the image, or there being only one container tell. */
function containerOf(
  event: EventRecord,
  pod: PodRecord | undefined,
  containers: readonly KnownContainer[],
): string | undefined {
  const named = event.container ?? containerIn(event.message);
  if (named !== undefined) return named;
  const image = imageIn(event.message);
  const sameImage = (pod?.containers ?? []).filter((container) => container.image === image);
  if (image !== undefined && sameImage.length === 1) return sameImage[0]?.name;
  return containers.length === 1 ? containers[0]?.name : undefined;
}
