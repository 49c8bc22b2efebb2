// pod_pending, node_provisioning and pod_sandbox: what lies before a pod's containers.

import type { ContainerRun, Witnessed, WitnessedPhase } from '../../model/pod-story.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import { firstTrue } from './conditions.ts';
import type { PodEvidence } from './evidence.ts';
import { eventSighting, podSighting, type Sighting, witness } from './proofs.ts';
import { firstOfEach, sightsOf } from './sights.ts';
import { believed } from './witnesses.ts';

export function createdAt(evidence: PodEvidence): Witnessed | undefined {
  const [pod] = evidence.versions.filter((version) => version.created !== undefined);
  const field = { field: 'metadata.creationTimestamp', when: pod?.created, rule: 'created' };
  return believed('created', ...sightsOf(evidence, 'created'), pod && podSighting(pod, field));
}

/** The binding, the Scheduled event (name, else eventTime), else the condition, else (nodeName preset, events gone) startTime. */
export function scheduledAt(evidence: PodEvidence): Witnessed | undefined {
  const event = evidence.events.find((one) => one.reason === 'Scheduled');
  const condition = firstTrue(evidence, ['PodScheduled']);
  const seen = firstOfEach(sightsOf(evidence, 'scheduled'));
  return believed('scheduled', ...seen, event && eventSighting(event), condition) ?? startTime(evidence);
}

const startTime = ({ versions }: PodEvidence): Witnessed | undefined =>
  witness(...versions.map(startSighting).slice(-1));

const startSighting = (pod: PodRecord): Sighting | undefined =>
  podSighting(pod, { field: 'status.startTime', when: pod.start, rule: 'status.start_time' });

/** pod_pending and, when an autoscaler made the node for it, node_provisioning inside. */
export function pendingPhases(evidence: PodEvidence): readonly WitnessedPhase[] {
  const start = createdAt(evidence);
  const end = scheduledAt(evidence);
  const pending = (start ?? end) === undefined ? [] : [podPhase('pod_pending', start, end)];
  return [...pending, ...provisioning(evidence, end)];
}

/** cluster-autoscaler and GKE; Karpenter and EKS Auto Mode. */
const PROVISIONERS = new Set(['TriggeredScaleUp', 'Nominated']);

/** Nominated also comes for pods that fit on a node which is there: only what lies before Scheduled counts. */
function provisioning({ events }: PodEvidence, scheduled: Witnessed | undefined): readonly WitnessedPhase[] {
  const asked = events.find((event) => PROVISIONERS.has(event.reason) && event.first !== undefined);
  const isLate = asked?.first !== undefined && scheduled !== undefined && asked.first.at >= scheduled.when.at;
  if (asked === undefined || isLate) return [];
  const phase = podPhase('node_provisioning', witness(eventSighting(asked)), scheduled);
  return [{ ...phase, attributes: asked.reporter === undefined ? {} : { provisioner: asked.reporter } }];
}

function podPhase(
  name: 'pod_pending' | 'node_provisioning' | 'pod_sandbox',
  start: Witnessed | undefined,
  end: Witnessed | undefined,
): WitnessedPhase {
  return { name, container: null, restart: 0, start, end, reported: undefined, attributes: {} };
}

/** PodHasNetwork was its name in 1.25 to 1.27. */
const SANDBOX = ['PodReadyToStartContainers', 'PodHasNetwork'];

/**
 * Scheduled → sandbox and network ready. The condition keeps its last change:
 * one that is later than a container's first step tells of a sandbox made anew.
 * Without an end the phase is only told while nothing has come after it.
 */
export function sandboxPhase(
  evidence: PodEvidence,
  runs: readonly ContainerRun[],
): readonly WitnessedPhase[] {
  const step = firstStep(evidence, runs);
  const condition = firstTrue(evidence, SANDBOX);
  const seen = firstOfEach(sightsOf(evidence, 'sandbox_ready'));
  const inTime = [...seen, condition].filter(
    (sighting) => sighting !== undefined && (step === undefined || sighting.when.at <= step),
  );
  const ready = believed('sandbox_ready', ...inTime);
  const start = acceptedAt(evidence);
  if (ready !== undefined) return [podPhase('pod_sandbox', start, ready)];
  const isWaiting = step === undefined && condition === undefined && isInSandbox(evidence);
  return isWaiting && start !== undefined ? [podPhase('pod_sandbox', start, undefined)] : [];
}

function acceptedAt(evidence: PodEvidence): Witnessed | undefined {
  const seen = believed('accepted', ...acceptedBefore(evidence));
  if (seen !== undefined) return withProofs(seen, startTime(evidence));
  const scheduled = scheduledAt(evidence);
  const accepted = startTime(evidence);
  if (scheduled === undefined || accepted === undefined) return scheduled ?? accepted;
  // Less precise, and a moment later: it stands beside, unless it is the only one.
  return withProofs(scheduled, accepted);
}

/** A kubelet that is started anew takes on all its pods once more: only what came before the sandbox counts. */
function acceptedBefore(evidence: PodEvidence): readonly Sighting[] {
  const sandbox = [...sightsOf(evidence, 'sandbox_asked'), ...sightsOf(evidence, 'sandbox_ready')];
  const first = sandbox.reduce<bigint | undefined>(
    (known, { when }) => (known === undefined || when.at < known ? when.at : known),
    undefined,
  );
  return firstOfEach(sightsOf(evidence, 'accepted')).filter(
    ({ when }) => first === undefined || when.at <= first,
  );
}

function withProofs(taken: Witnessed, beside: Witnessed | undefined): Witnessed {
  const known = new Set(taken.proofs.map((proof) => proof.text));
  const more = (beside?.proofs ?? []).filter((proof) => !known.has(proof.text));
  return { ...taken, proofs: [...taken.proofs, ...more] };
}

const isInSandbox = ({ pod, events }: PodEvidence): boolean =>
  events.some((event) => event.reason === 'FailedCreatePodSandBox') ||
  (pod?.phase === 'Pending' && pod.conditions.some((condition) => SANDBOX.includes(condition.type)));

const STEPS = new Set(['Pulling', 'Pulled', 'Created', 'Started']);

function firstStep(evidence: PodEvidence, runs: readonly ContainerRun[]): bigint | undefined {
  const { events } = evidence;
  const steps = events.filter((event) => STEPS.has(event.reason)).flatMap((event) => event.first?.at ?? []);
  const starts = runs.flatMap((run) => run.started?.when.at ?? []);
  const pulls = sightsOf(evidence, 'pull_began').map(({ when }) => when.at);
  return [...steps, ...starts, ...pulls].reduce<bigint | undefined>(
    (a, b) => (a !== undefined && a < b ? a : b),
    undefined,
  );
}
