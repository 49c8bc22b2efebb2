// Everything the records say about one pod, freed from order, repetition and splitting.

import { byText } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import type { ContainerKind } from '../../model/pod-story.ts';
import type { EventRecord } from '../objects/event-record.ts';
import { containerIn, imageIn } from '../objects/messages.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import type { SightingRecord } from '../objects/sighting.ts';
import { groupedBy } from './grouped.ts';
import { byNumber } from './proofs.ts';
import { watchSightings } from './seen-versions.ts';

/** One time that an event happened; its first is index 0. */
export interface Occurrence {
  readonly index: number;
  readonly at: Moment;
}

/** An event in its latest version, with every time of it that any version told. */
export interface PodEvent extends EventRecord {
  /** By index; a dump alone tells the first and the last. */
  readonly occurrences: readonly Occurrence[];
}

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
  const versions = orderVersions(pods);
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

/** resourceVersion decides; without one, the fuller status; then the text, so that the order is always the same. */
function orderVersions(pods: readonly PodRecord[]): readonly PodRecord[] {
  const unique = new Map(pods.map((pod) => [textOf(pod), pod]));
  return [...unique]
    .sort(
      ([a, x], [b, y]) =>
        byNumber(x.version, y.version) || byNumber(fullness(x), fullness(y)) || byText(a, b),
    )
    .map(([, pod]) => pod);
}

const textOf = (record: PodRecord | EventRecord): string =>
  JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? String(value) : value));

/** Deletion comes last; runs and conditions only ever get more. */
const fullness = (pod: PodRecord): number =>
  (pod.deleted === undefined ? 0 : 1000) +
  pod.statuses.reduce((sum, status) => sum + status.restarts + status.runs.length, 0) +
  pod.conditions.filter((condition) => condition.isTrue).length;

function mergeEvents(records: readonly EventRecord[]): readonly PodEvent[] {
  const groups = groupedBy(records, (record) => record.uid);
  return [...groups.values()].flatMap(mergeVersions).sort(byMoment);
}

function mergeVersions(versions: readonly EventRecord[]): readonly PodEvent[] {
  const ordered = versions
    .map((version) => ({ version, text: textOf(version) }))
    .sort((a, b) => byVersion(a.version, b.version) || byText(a.text, b.text))
    .map(({ version }) => version);
  const latest = ordered.at(-1);
  return latest === undefined ? [] : [{ ...latest, occurrences: occurrencesOf(ordered) }];
}

const byVersion = (a: EventRecord, b: EventRecord): number =>
  byNumber(a.count, b.count) || byNumber(a.version, b.version);

/** Version k of an aggregated event tells when its k-th occurrence was. */
function occurrencesOf(versions: readonly EventRecord[]): readonly Occurrence[] {
  const at = new Map<number, Moment>();
  for (const { count, first, last } of versions) {
    if (first !== undefined) at.set(0, first);
    if (count > 1 && last !== undefined) at.set(count - 1, last);
  }
  return [...at].map(([index, moment]) => ({ index, at: moment })).sort((a, b) => a.index - b.index);
}

function byMoment(a: PodEvent, b: PodEvent): number {
  const at = (event: PodEvent): bigint => event.first?.at ?? 2n ** 63n;
  return byNumber(at(a), at(b)) || byText(a.name, b.name) || byText(a.uid, b.uid);
}

/** The runtime does not say which of a pod's containers are init containers: without better word they are main ones. */
function knownContainers(
  pod: PodRecord | undefined,
  events: readonly PodEvent[],
  sightings: readonly SightingRecord[],
): readonly KnownContainer[] {
  if (pod !== undefined && pod.containers.length > 0) return pod.containers;
  const named = events.flatMap(({ container, message, isInit }) => {
    const name = container ?? containerIn(message);
    return name === undefined ? [] : [{ name, kind: isInit ? ('init' as const) : ('main' as const) }];
  });
  const seen = sightings.flatMap(({ saw }) =>
    'container' in saw && saw.container !== undefined ? [{ name: saw.container, kind: 'main' as const }] : [],
  );
  const known = new Map<string, KnownContainer>();
  for (const one of [...named, ...seen]) if (known.get(one.name)?.kind !== 'init') known.set(one.name, one);
  return [...known.values()].sort((a, b) => byText(a.kind, b.kind) || byText(a.name, b.name));
}

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
