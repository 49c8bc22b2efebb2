// Failures that the end of a container's run tells of.

import { seconds } from '../../base/instant.ts';
import type { PhaseName } from '../../model/phase.ts';
import type { ContainerRun, PodFailure } from '../../model/pod-story.ts';
import { isProbeKill } from '../objects/messages.ts';
import { type Course, endOf, type Kind } from './course.ts';
import { isAfterDeletion } from './deletion.ts';
import type { PodEvidence } from './evidence.ts';
import { seenOf } from './sights.ts';

/** Runs that ended badly. OOMKilled is told by status alone, never by an event. */
export function runFailures({ evidence, runs }: Course): readonly PodFailure[] {
  return runs.flatMap((run) => {
    const [proof] = run.finished?.proofs ?? [];
    const kind = isProbeKilled(run, evidence) ? PROBE_KILL : kindOfRun(run);
    if (kind === undefined || run.finished === undefined || proof === undefined) return [];
    if (isDeletion(run, evidence)) return [];
    return [{ ...kind, when: run.finished.when, proof, container: run.container, restart: run.restart }];
  });
}

/** SIGTERM and SIGKILL after a deletion are what deletion is. */
function isDeletion({ finished, exitCode, reason }: ContainerRun, evidence: PodEvidence): boolean {
  if (finished === undefined || reason === 'OOMKilled') return false;
  return STOPPED.has(exitCode ?? 0) && isAfterDeletion(evidence, finished.when);
}

const STOPPED = new Set([137, 143]);

const PROBE_KILL: Kind = { cause: 'probe_kill', phase: 'startup' };

/** A dump keeps the first and the last of repeated probe kills: a signalled end between them was one too. */
function isProbeKilled(
  { container, finished, exitCode, reason }: ContainerRun,
  { events, sightings }: PodEvidence,
): boolean {
  if (finished === undefined || !STOPPED.has(exitCode ?? 0) || reason === 'OOMKilled') return false;
  const end = endOf(finished.when);
  const kills = events.filter((event) => event.container === container && isProbeKill(event.message));
  const seen = seenOf({ sightings }, 'probe_killed').filter(({ saw }) => saw.container === container);
  const times = [
    ...kills.flatMap((event) => event.occurrences.map(({ at }) => at.at)),
    ...seen.map(({ when }) => when.at),
  ];
  return times.some((at) => at <= end) && times.some((at) => at + GRACE >= end);
}

/** Default terminationGracePeriodSeconds: the process may take that long to go. */
const GRACE = seconds(30);

/** Reasons of containers that never ran: runc (containerd StartError, docker ContainerCannotRun). */
const NEVER_RAN = new Set(['StartError', 'ContainerCannotRun', 'CreateContainerError', 'RunContainerError']);

function kindOfRun({ kind, exitCode, reason }: ContainerRun): Kind | undefined {
  if (reason === 'OOMKilled') return { cause: 'out_of_memory', phase: phaseOfRun(kind) };
  if (NEVER_RAN.has(reason ?? '')) return { cause: 'container_create', phase: 'container_creating' };
  return exitCode === undefined || exitCode === 0 ? undefined : { cause: 'crash', phase: phaseOfRun(kind) };
}

function phaseOfRun(kind: ContainerRun['kind']): PhaseName | undefined {
  if (kind === 'sidecar' || kind === 'unknown') return undefined;
  return kind === 'init' ? 'init_container' : 'startup';
}
