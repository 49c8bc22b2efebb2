// What Kubernetes says, told pod by pod.
//
// The stories depend on the set of records alone: their order, repetition and
// splitting over files change nothing.

import { byText } from '../../base/text.ts';
import { podUid } from '../../model/ids.ts';
import type { Identity } from '../../model/log-run.ts';
import type { FactValue } from '../../model/mark.ts';
import { phaseRank } from '../../model/phase.ts';
import type { ContainerRun, PodStory, Witnessed, WitnessedPhase } from '../../model/pod-story.ts';
import type { EventRecord } from '../objects/event-record.ts';
import type { NodeRecord } from '../objects/node-record.ts';
import { gpuFacts, nodeFacts } from '../objects/pod-facts.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import type { KubeRecord } from '../objects/record.ts';
import { containerCreating, initContainers } from './container-phases.ts';
import { containerRuns } from './container-runs.ts';
import { evidenceOf, type PodEvidence } from './evidence.ts';
import { podFailures } from './failures.ts';
import { groupedBy } from './grouped.ts';
import { imagePulls } from './image-pulls.ts';
import { endedAt, lastSign } from './last-signs.ts';
import { createdAt, pendingPhases, sandboxPhase, scheduledAt } from './pod-phases.ts';
import { byNumber } from './proofs.ts';
import { readiesOf, readyAt } from './ready.ts';

/** One story per pod uid, by uid. Events whose pod object is missing make a story of their own. */
export function storiesOf(records: readonly KubeRecord[]): readonly PodStory[] {
  const pods = groupedBy(ofKind(records, isPod), (pod) => pod.uid);
  const uidOf = eventOwners(pods);
  const events = groupedBy(ofKind(records, isEvent), (event) => uidOf(event.pod.uid));
  const nodes = newestNodes(ofKind(records, isNode));
  const uids = new Set([...pods.keys(), ...events.keys()]);
  return [...uids]
    .sort(byText)
    .map((uid) => storyOf(evidenceOf(uid, pods.get(uid) ?? [], events.get(uid) ?? []), nodes));
}

const isPod = (record: KubeRecord): record is PodRecord => record.kind === 'pod';
const isEvent = (record: KubeRecord): record is EventRecord => record.kind === 'event';
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
  return {
    identity,
    created: createdAt(evidence),
    ready: readyAt(evidence, runs),
    readies: readiesOf(evidence, runs),
    ended: endedAt(evidence),
    last,
    phase: pod?.phase,
    labels: pod?.labels ?? {},
    attributes: attributesOf(pod, identity, nodes),
    containers: pod?.containers ?? [],
    defaultContainer: pod?.defaultContainer,
    runs,
    phases: phasesOf(evidence, runs),
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

function identityOf({ uid, pod, versions, events }: PodEvidence): Identity {
  const about = events[0]?.pod;
  const namespace = pod?.namespace ?? about?.namespace;
  const name = pod?.name ?? about?.name;
  const node = versions.findLast((version) => version.node !== undefined)?.node ?? nodeOfEvents(events);
  return {
    uid: podUid(uid),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { pod: name }),
    ...(node === undefined ? {} : { node }),
  };
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
  const pulls = imagePulls(evidence, runs);
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
