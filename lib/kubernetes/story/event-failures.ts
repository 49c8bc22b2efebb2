// Failures that events tell of.

import type { Moment } from '../../model/mark.ts';
import type { ContainerRun, PodFailure } from '../../model/pod-story.ts';
import { failedImage, isConfigError, isProbeKill, isPullError } from '../objects/messages.ts';
import { byEvents, restartAt } from './container-runs.ts';
import type { Course, Kind } from './course.ts';
import type { PodEvent } from './evidence.ts';
import { eventProof } from './proofs.ts';

/** Every known occurrence of every event that tells of a failure. */
export function eventFailures({ evidence, runs, scheduled }: Course): readonly PodFailure[] {
  const own = byEvents(runs);
  const hasStarted = runs.some((run) => run.started !== undefined);
  return evidence.events.flatMap((event) => {
    const kind = kindOfEvent(event, { isScheduled: scheduled !== undefined, hasStarted });
    if (kind === undefined) return [];
    return event.occurrences.map(({ at }) => failureAt({ event, kind, at, runs: own }));
  });
}

interface Occurred {
  readonly event: PodEvent;
  readonly kind: Kind;
  readonly at: Moment;
  readonly runs: readonly ContainerRun[];
}

function failureAt({ event, kind, at, runs }: Occurred): PodFailure {
  // The only container of a pod is taken for what an event without fieldPath is about: not of what befalls the pod.
  const container = OF_PODS.has(kind.phase) ? null : (event.container ?? null);
  const next = restartAt(runs, container, at);
  // A probe kills the run that is; everything else keeps the next one from beginning.
  const restart = kind.cause === 'probe_kill' ? Math.max(0, next - 1) : next;
  return { ...kind, when: at, proof: eventProof(event), container, restart };
}

/** Without a phase: the pod as a whole had to go. */
const OF_PODS: ReadonlySet<Kind['phase']> = new Set([undefined, 'pod_pending', 'pod_sandbox'] as const);

interface Past {
  readonly isScheduled: boolean;
  readonly hasStarted: boolean;
}

function kindOfEvent(event: PodEvent, past: Past): Kind | undefined {
  switch (event.reason) {
    case 'Failed':
    case 'InspectFailed':
    case 'ErrImageNeverPull':
      return kindOfFailed(event);
    case 'Killing':
      return isProbeKill(event.message) ? { cause: 'probe_kill', phase: 'startup' } : undefined;
    case 'TaintManagerEviction':
    case 'DeviceTaintManagerEviction':
      // The same reason says "Cancelling deletion of Pod …".
      return event.message.startsWith('Cancelling') ? undefined : { cause: 'evicted', phase: undefined };
    default:
      return REASONS[event.reason] ?? kindOfObstacle(event.reason, past);
  }
}

/** What is tried again until it works: no failure of a pod that got past it. */
function kindOfObstacle(reason: string, { isScheduled, hasStarted }: Past): Kind | undefined {
  if (reason === 'FailedScheduling')
    return isScheduled ? undefined : { cause: 'unschedulable', phase: 'pod_pending' };
  return hasStarted ? undefined : OBSTACLES[reason];
}

const OBSTACLES: Readonly<Record<string, Kind>> = {
  FailedCreatePodSandBox: { cause: 'container_create', phase: 'pod_sandbox' },
  FailedMount: { cause: 'container_config', phase: 'pod_sandbox' },
  FailedAttachVolume: { cause: 'container_config', phase: 'pod_sandbox' },
};

const REASONS: Readonly<Record<string, Kind>> = {
  Evicted: { cause: 'evicted', phase: undefined },
  Preempted: { cause: 'preempted', phase: undefined },
  Preempting: { cause: 'preempted', phase: undefined },
  DeadlineExceeded: { cause: 'deadline_exceeded', phase: undefined },
  FailedPostStartHook: { cause: 'container_create', phase: 'startup' },
  UnexpectedAdmissionError: { cause: 'device_unavailable', phase: 'pod_sandbox' },
};

/** One reason for three things: a pull, a configuration and a creation that failed. */
function kindOfFailed({ reason, message }: PodEvent): Kind {
  const isPull = reason !== 'Failed' || failedImage(message) !== undefined || isPullError(message);
  if (isPull) return { cause: 'image_pull', phase: 'image_pull' };
  const cause = isConfigError(message) ? 'container_config' : 'container_create';
  return { cause, phase: 'container_creating' };
}
