// When the removal of a pod was asked for, and by whom.

import type { Cause, Moment } from '../../model/mark.ts';
import type { PodFailure, Witnessed } from '../../model/pod-story.ts';
import type { Saw } from '../objects/sighting.ts';
import type { PodEvidence } from './evidence.ts';
import { podSighting } from './proofs.ts';
import { asSighting, seenOf } from './sights.ts';
import { believed } from './witnesses.ts';

/**
 * The first request, in microseconds where the audit log tells; else when the kubelet heard of it, milliseconds
 * later; else what the object says, to the second.
 */
export function deletionAsked({ pod, sightings }: PodEvidence): Witnessed | undefined {
  const [asked] = seenOf({ sightings }, 'deleted');
  const [heard] = seenOf({ sightings }, 'deletion_seen');
  const field = { field: 'deletion asked for', when: pod?.deleted, rule: 'deleted' };
  return believed(
    'deleted',
    asked && asSighting(asked),
    heard && asSighting(heard),
    pod && podSighting(pod, field),
  );
}

/** Deletion as the end of a start: who asked for it is in the proof. */
export function deletionFailure(evidence: PodEvidence): readonly PodFailure[] {
  const asked = deletionAsked(evidence);
  const [proof] = asked?.proofs ?? [];
  if (asked === undefined || proof === undefined) return [];
  const cause = causeOf(seenOf(evidence, 'deleted')[0]?.saw);
  return [{ cause, phase: undefined, when: asked.when, proof, container: null, restart: 0 }];
}

/** Controllers of kube-controller-manager that clear a node (service accounts in kube-system). */
const CLEARING =
  /:(?:node-controller|taint-eviction-controller|pod-garbage-collector|daemon-set-controller)$/;

function causeOf(saw: Extract<Saw, { readonly what: 'deleted' }> | undefined): Cause {
  if (saw === undefined) return 'deleted';
  if (saw.how === 'evict' || CLEARING.test(saw.by)) return 'evicted';
  return saw.by === 'system:kube-scheduler' ? 'preempted' : 'deleted';
}

/** True for what ended after the removal was asked for. */
export function isAfterDeletion(evidence: PodEvidence, end: Moment): boolean {
  const asked = deletionAsked(evidence);
  return asked !== undefined && end.at + end.precision > asked.when.at;
}
