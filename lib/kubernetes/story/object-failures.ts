// Failures that the pod object itself tells of.

import type { Moment, Proof } from '../../model/mark.ts';
import type { ContainerRun, PodFailure, Witnessed } from '../../model/pod-story.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import { restartAt } from './container-runs.ts';
import type { Course, Kind } from './course.ts';
import { deletionFailure } from './deletion.ts';
import { podSighting, type Sighting, witness } from './proofs.ts';

/** What the pod object itself says: deletion, status.reason, DisruptionTarget, a PodScheduled that is not true. */
export function objectFailures({ evidence, last }: Course): readonly PodFailure[] {
  const { pod } = evidence;
  const told = pod === undefined ? [] : [rejection(pod, last), ...disruptions(pod), ...unscheduled(pod)];
  const own = told.flatMap((found) => {
    if (found === undefined) return [];
    const { sighting, kind } = found;
    return [{ ...kind, when: sighting.when, proof: sighting.proof, container: null, restart: 0 }];
  });
  return [...deletionFailure(evidence), ...own];
}

interface Found {
  readonly sighting: Sighting;
  readonly kind: Kind;
}

function found(sighting: Sighting | undefined, kind: Kind | undefined): Found | undefined {
  return sighting === undefined || kind === undefined ? undefined : { sighting, kind };
}

/** status.reason of a pod that the kubelet refused or ended. */
const STATUS_REASONS: readonly (readonly [RegExp, Kind])[] = [
  [/^Evicted$|^NodeShutdown$|^Shutdown$|^Terminated$|^NodeLost$/, { cause: 'evicted', phase: undefined }],
  [/^Preempting$/, { cause: 'preempted', phase: undefined }],
  [/^DeadlineExceeded$/, { cause: 'deadline_exceeded', phase: undefined }],
  [/^UnexpectedAdmissionError$/, { cause: 'device_unavailable', phase: 'pod_sandbox' }],
  [/^OutOf|^NodeAffinity$/, { cause: 'unschedulable', phase: 'pod_pending' }],
];

/** It has no time of its own: when the kubelet accepted the pod if nothing ran, else the last that is known. */
function rejection(pod: PodRecord, last: Witnessed | undefined): Found | undefined {
  const kind = STATUS_REASONS.find(([pattern]) => pattern.test(pod.reason ?? ''))?.[1];
  const ends = pod.statuses.flatMap((status) => status.runs.flatMap((run) => run.finished ?? []));
  const when = ends.length === 0 ? (pod.start ?? last?.when) : last?.when;
  const says = `${pod.reason ?? ''}: ${pod.message}`;
  return found(podSighting(pod, { field: 'status.reason', when, rule: 'status.reason', says }), kind);
}

function disruptions(pod: PodRecord): readonly (Found | undefined)[] {
  const targets = pod.conditions.filter(({ type, isTrue }) => DISRUPTION.has(type) && isTrue);
  return targets.map(({ at, reason }) => {
    const cause = isPreemption(reason, pod) ? 'preempted' : 'evicted';
    const field = 'condition DisruptionTarget=True since';
    return found(podSighting(pod, { field, when: at, rule: 'condition.DisruptionTarget', says: reason }), {
      cause,
      phase: undefined,
    });
  });
}

/** With its longer name in 1.25, when it was alpha. */
const DISRUPTION: ReadonlySet<string> = new Set([
  'DisruptionTarget',
  'AlphaNoCompatGuaranteeDisruptionTarget',
]);

/** The scheduler's (PreemptionByKubeScheduler in 1.25), or a kubelet's that makes room for a critical pod. */
const isPreemption = (reason: string | undefined, pod: PodRecord): boolean =>
  /^PreemptionBy(?:Kube)?Scheduler$/.test(reason ?? '') ||
  (reason === 'TerminationByKubelet' && pod.reason === 'Preempting');

/** The scheduler's word in the object, where its events are gone. Gates are no failure: somebody holds the pod on purpose. */
function unscheduled(pod: PodRecord): readonly (Found | undefined)[] {
  const waiting = pod.conditions.filter(
    ({ type, isTrue, reason }) => type === 'PodScheduled' && !isTrue && reason === 'Unschedulable',
  );
  return waiting.map(({ at, reason }) => {
    const field = 'condition PodScheduled=False since';
    return found(podSighting(pod, { field, when: at, rule: 'condition.PodScheduled', says: reason }), {
      cause: 'unschedulable',
      phase: 'pod_pending',
    });
  });
}

const WAITING: readonly (readonly [RegExp, Kind])[] = [
  [
    /ImagePull|^InvalidImageName$|^ErrImage|^RegistryUnavailable$|^ImageInspectError$|^SignatureValidationFailed$/,
    { cause: 'image_pull', phase: 'image_pull' },
  ],
  [/^CreateContainerConfigError$/, { cause: 'container_config', phase: 'container_creating' }],
  [
    /^CreateContainerError$|^RunContainerError$|^PostStartHookError$/,
    { cause: 'container_create', phase: 'container_creating' },
  ],
];

/** What a container waits for when the dump is taken; without a time of its own: the last that is known of the pod. */
export function waitingFailures({ evidence, runs, last }: Course): readonly PodFailure[] {
  const { pod } = evidence;
  if (pod === undefined || last === undefined) return [];
  return pod.statuses.flatMap(({ container, waiting }) => {
    const kind = WAITING.find(([pattern]) => pattern.test(waiting?.reason ?? ''))?.[1];
    if (kind === undefined || waiting === undefined) return [];
    const says = `${waiting.reason}: ${waiting.message}`;
    const field = `${container} waiting, not later than`;
    const sighting = witness(podSighting(pod, { field, when: last.when, rule: 'status.waiting', says }));
    const [proof] = sighting?.proofs ?? [];
    return proof === undefined ? [] : [waitingFailure({ kind, proof, when: last.when, container, runs })];
  });
}

interface Waiting {
  readonly kind: Kind;
  readonly proof: Proof;
  readonly when: Moment;
  readonly container: string;
  readonly runs: readonly ContainerRun[];
}

const waitingFailure = ({ kind, proof, when, container, runs }: Waiting): PodFailure => ({
  ...kind,
  when,
  proof,
  container,
  restart: restartAt(runs, container, when),
});
