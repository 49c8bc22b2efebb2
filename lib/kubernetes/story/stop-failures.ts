// Pods of which nobody says why they had to go, only that their containers were stopped.

import type { PodFailure } from '../../model/pod-story.ts';
import type { Course } from './course.ts';
import type { PodEvent, PodEvidence } from './evidence.ts';
import { eventProof } from './proofs.ts';

/**
 * "Stopping container x" is said when the whole pod is to go: restarts are worded
 * otherwise. An API eviction leaves no other event (recording h_deleted-in-start).
 * A sidecar is stopped when the work is done: that is no failure.
 */
export function stopFailures({ evidence }: Course): readonly PodFailure[] {
  return evidence.events.flatMap((event) => {
    if (!isStop(event) || isOfSidecar(event, evidence)) return [];
    return event.occurrences.map(({ at }) => ({
      cause: 'deleted' as const,
      phase: undefined,
      when: at,
      proof: eventProof(event),
      container: null,
      restart: 0,
    }));
  });
}

const isStop = ({ reason, message }: PodEvent): boolean =>
  reason === 'Killing' && message.startsWith('Stopping container ');

const isOfSidecar = ({ container }: PodEvent, { containers }: PodEvidence): boolean =>
  containers.some(({ name, kind }) => name === container && kind === 'sidecar');
