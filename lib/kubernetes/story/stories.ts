// What Kubernetes says, told pod by pod.
//
// The stories depend on the set of records alone: their order, repetition and
// splitting over files change nothing.

import { byText } from '../../base/text.ts';
import { podUid } from '../../model/ids.ts';
import type { Identity } from '../../model/log-run.ts';
import type { FactValue } from '../../model/mark.ts';
import { phaseRank } from '../../model/phase.ts';
import type {
  ContainerRun,
  PodStory,
  StoryConflict,
  Witnessed,
  WitnessedPhase,
} from '../../model/pod-story.ts';
import { joinJournal } from '../journal/join.ts';
import { wantedImages } from '../journal/wanted-images.ts';
import type { EventPatchRecord } from '../objects/event-patch-record.ts';
import type { EventRecord } from '../objects/event-record.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { JournalRecord } from '../objects/journal-record.ts';
import type { NodeRecord } from '../objects/node-record.ts';
import { gpuFacts, nodeFacts } from '../objects/pod-facts.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import type { KubeRecord } from '../objects/record.ts';
import type { Sight, SightingRecord } from '../objects/sighting.ts';
import { clockSkewOf, skewConflict } from './clock-skew.ts';
import { containerCreating, initContainers } from './container-phases.ts';
import { containerRuns, unlistedRuns } from './container-runs.ts';
import { type Borders, disagreements } from './disagreements.ts';
import { withRepetitions } from './event-versions.ts';
import { evidenceOf, type PodEvidence } from './evidence.ts';
import { podFailures } from './failures.ts';
import { imagePulls } from './image-pulls.ts';
import { endedAt, lastSign } from './last-signs.ts';
import { createdAt, pendingPhases, sandboxPhase, scheduledAt } from './pod-phases.ts';
import { byNumber } from './proofs.ts';
import { readiesOf, readyAt } from './ready.ts';
import { withSeenPulls } from './seen-pulls.ts';
import { type NamedPod, sightingsByPod } from './whose-sighting.ts';

/** One story per pod uid, by uid. Events whose pod object is missing make a story of their own. */
export function storiesOf(records: readonly KubeRecord[]): readonly PodStory[] {
  const pods = groupedBy(ofKind(records, isPod), (pod) => pod.uid);
  const uidOf = eventOwners(pods);
  const told = withRepetitions(ofKind(records, isEvent), ofKind(records, isEventPatch));
  const events = groupedBy(told, (event) => uidOf(event.pod.uid));
  const nodes = newestNodes(ofKind(records, isNode));
  const seen = [
    ...ofKind(records, isSighting),
    ...joinJournal(ofKind(records, isJournal), wantedImages(records)).sightings,
  ];
  const sightings = startsOnly(
    sightingsByPod(seen, namedPods(pods, events)),
    new Set([...pods.keys(), ...events.keys()]),
  );
  const uids = new Set([...pods.keys(), ...events.keys(), ...sightings.keys()]);
  return [...uids].sort(byText).map((uid) => {
    const own = {
      pods: pods.get(uid) ?? [],
      events: events.get(uid) ?? [],
      sightings: sightings.get(uid) ?? [],
    };
    return storyOf(evidenceOf({ uid, ...own }), nodes);
  });
}

/** A journal tells of every pod of its node; one that nothing saw begin had begun before it. */
function startsOnly(
  seen: ReadonlyMap<string, readonly SightingRecord[]>,
  known: ReadonlySet<string>,
): ReadonlyMap<string, readonly SightingRecord[]> {
  const isStart = ({ saw }: SightingRecord): boolean => STARTS.has(saw.what);
  return new Map([...seen].filter(([uid, all]) => known.has(uid) || all.some(isStart)));
}

const STARTS: ReadonlySet<Sight> = new Set<Sight>([
  'created',
  'scheduled',
  'sandbox_asked',
  'sandbox_ready',
  'pull_began',
  'container_created',
  'container_started',
]);

function namedPods(
  pods: ReadonlyMap<string, readonly PodRecord[]>,
  events: ReadonlyMap<string, readonly EventRecord[]>,
): readonly NamedPod[] {
  const fromPods = [...pods].map(([uid, versions]) => ({
    uid,
    namespace: versions[0]?.namespace,
    name: versions[0]?.name,
    created: versions.find((pod) => pod.created !== undefined)?.created?.at,
  }));
  const fromEvents = [...events]
    .filter(([uid]) => !pods.has(uid))
    .map(([uid, all]) => ({
      uid,
      namespace: all[0]?.pod.namespace,
      name: all[0]?.pod.name,
      created: undefined,
    }));
  return [...fromPods, ...fromEvents];
}

const isPod = (record: KubeRecord): record is PodRecord => record.kind === 'pod';
const isEvent = (record: KubeRecord): record is EventRecord => record.kind === 'event';
const isSighting = (record: KubeRecord): record is SightingRecord => record.kind === 'sighting';
const isEventPatch = (record: KubeRecord): record is EventPatchRecord => record.kind === 'event_patch';
const isJournal = (record: KubeRecord): record is JournalRecord => record.kind === 'journal';
const isNode = (record: KubeRecord): record is NodeRecord => record.kind === 'node';

const ofKind = <T extends KubeRecord>(
  records: readonly KubeRecord[],
  is: (record: KubeRecord) => record is T,
) => records.filter(is);

/** A static pod's kubelet speaks of the uid that its annotation tells, if only one mirror pod has it. */
function eventOwners(pods: ReadonlyMap<string, readonly PodRecord[]>): (uid: string) => string {
  const owners = new Map<string, string | undefined>();
  for (const [uid, versions] of pods) {
    const alias = versions.find((pod) => pod.staticUid !== undefined)?.staticUid;
    if (alias !== undefined && !pods.has(alias)) owners.set(alias, owners.has(alias) ? undefined : uid);
  }
  return (uid) => owners.get(uid) ?? uid;
}

function newestNodes(nodes: readonly NodeRecord[]): ReadonlyMap<string, NodeRecord> {
  const text = (node: NodeRecord): string => JSON.stringify(node);
  const ordered = [...nodes].sort((a, b) => byNumber(a.version, b.version) || byText(text(a), text(b)));
  return new Map(ordered.map((node) => [node.name, node]));
}

function storyOf(evidence: PodEvidence, nodes: ReadonlyMap<string, NodeRecord>): PodStory {
  const { pod, events } = evidence;
  const runs = containerRuns(evidence);
  const identity = identityOf(evidence);
  const last = lastSign(evidence);
  const borders = {
    created: createdAt(evidence),
    readies: readiesOf(evidence, runs),
    runs,
    phases: phasesOf(evidence, runs),
  };
  return {
    identity,
    ...borders,
    ready: readyAt(evidence, runs),
    ended: endedAt(evidence),
    last,
    phase: pod?.phase,
    labels: pod?.labels ?? {},
    attributes: attributesOf(pod, identity, nodes),
    containers: pod?.containers ?? [],
    defaultContainer: pod?.defaultContainer,
    conflicts: [...storyConflicts(evidence, borders), ...unlistedRuns(evidence, runs)],
    failures: podFailures({ evidence, runs, scheduled: scheduledAt(evidence), last }),
    owner: pod?.owner,
    ...membershipOf(evidence),
    has: { pod: pod !== undefined, events: events.length > 0 },
  };
}

/** A pod gets its IP late and a failed one may lose it: every version is asked. */
function membershipOf({ pod, versions }: PodEvidence): Pick<PodStory, 'group' | 'addresses' | 'heads'> {
  const addresses = [...new Set(versions.flatMap((version) => version.addresses))].sort(byText);
  const heads = pod?.heads ?? [];
  return {
    ...(pod?.group === undefined ? {} : { group: pod.group }),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(heads.length === 0 ? {} : { heads }),
  };
}

/** A clock that is off explains why witnesses disagree: then only that is told. */
function storyConflicts(evidence: PodEvidence, borders: Borders): readonly StoryConflict[] {
  const node = identityOf(evidence).node;
  const skew = skewConflict(clockSkewOf(evidence, scheduledAt(evidence)), node);
  return [...namesakes(evidence), ...(skew === undefined ? disagreements(borders) : [skew])];
}

/** A uid is one pod's for ever: versions that call it otherwise are of another pod, or not true. */
function namesakes({ versions, pod }: PodEvidence): readonly StoryConflict[] {
  const names = new Set(
    versions.flatMap(({ namespace, name }) => (name === undefined ? [] : `${namespace ?? ''}/${name}`)),
  );
  if (names.size < 2) return [];
  const told = `${pod?.namespace ?? ''}/${pod?.name ?? ''}`;
  const others = [...names].filter((name) => name !== told).sort(byText);
  const says = `one uid is said to be ${told} and ${others.join(', ')}: what they tell is told as the first`;
  return [{ what: 'identity', says, run: undefined }];
}

function identityOf({ uid, pod, versions, events, sightings }: PodEvidence): Identity {
  const about = events[0]?.pod ?? sightings.find((one) => one.pod.name !== undefined)?.pod;
  const namespace = pod?.namespace ?? about?.namespace;
  const name = pod?.name ?? about?.name;
  const node =
    versions.findLast((version) => version.node !== undefined)?.node ??
    nodeOfEvents(events) ??
    nodeOfSightings(sightings);
  return {
    uid: podUid(uid),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { pod: name }),
    ...(node === undefined ? {} : { node }),
  };
}

/** Where the scheduler bound it, or the node whose journal tells of it. */
function nodeOfSightings(sightings: readonly SightingRecord[]): string | undefined {
  const bound = sightings.flatMap(({ saw }) => (saw.what === 'scheduled' ? (saw.node ?? []) : []));
  return bound[0] ?? sightings.find(({ node }) => node !== undefined)?.node;
}

/** The kubelet that reported, or "Successfully assigned ns/pod to NODE" (KAI adds " at node-pool X"). */
function nodeOfEvents(events: readonly EventRecord[]): string | undefined {
  const host = events.find((event) => event.reporter === 'kubelet' && event.host !== undefined)?.host;
  const scheduled = events.find((event) => event.reason === 'Scheduled')?.message ?? '';
  return (
    host ??
    /^Successfully assigned \S{1,320} to (?<node>[a-z0-9.-]{1,253})(?:$| at )/.exec(scheduled)?.groups?.[
      'node'
    ]
  );
}

/** The pod's own facts; its node tells the region best, and the accelerator when the pod does not. */
function attributesOf(
  pod: PodRecord | undefined,
  identity: Identity,
  nodes: ReadonlyMap<string, NodeRecord>,
): Readonly<Record<string, FactValue>> {
  const node = nodes.get(identity.node ?? '');
  const { namespace } = identity;
  return {
    ...(node !== undefined && hasGpus(pod) ? gpuFacts(node.accelerator) : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...nodeFacts(identity.node),
    ...pod?.facts,
    ...(node?.region === undefined ? {} : { region: node.region }),
    ...(node?.cluster === undefined ? {} : { 'k8s.cluster.name': node.cluster }),
  };
}

/** A pod without accelerators may well run on a node that has some. */
const hasGpus = (pod: PodRecord | undefined): boolean => pod?.facts['num_gpus'] !== undefined;

function phasesOf(evidence: PodEvidence, runs: readonly ContainerRun[]): readonly WitnessedPhase[] {
  const pulls = withSeenPulls(imagePulls(evidence, runs), evidence, runs);
  const phases = [
    ...pendingPhases(evidence),
    ...sandboxPhase(evidence, runs),
    ...pulls,
    ...initContainers(evidence, runs),
    ...containerCreating(evidence, runs, pulls),
  ];
  return phases.sort(byCourse);
}

function byCourse(a: WitnessedPhase, b: WitnessedPhase): number {
  return (
    phaseRank(a.name) - phaseRank(b.name) ||
    byText(a.container ?? '', b.container ?? '') ||
    byNumber(timeOf(a.end ?? a.start), timeOf(b.end ?? b.start)) ||
    a.restart - b.restart
  );
}

const timeOf = (moment: Witnessed | undefined): bigint => moment?.when.at ?? 0n;
