// When a pod ended, and the last that is known of it.

import type { Moment } from '../../model/mark.ts';
import type { Witnessed } from '../../model/pod-story.ts';
import type { PodRecord } from '../objects/pod-record.ts';
import { deletionAsked } from './deletion.ts';
import type { PodEvidence } from './evidence.ts';
import { byNumber, eventSighting, podSighting, type Sighting, witness } from './proofs.ts';
import { asSighting } from './sights.ts';

/**
 * Deletion asked for, or the pod's phase over: what came first.
 *
 * A pod that only events tell of has ended when its kubelet stops a container
 * ("Stopping container x"): restarts are worded otherwise.
 */
export function endedAt(evidence: PodEvidence): Witnessed | undefined {
  const { pod, events } = evidence;
  const asked = deletionAsked(evidence);
  if (pod === undefined) {
    const stop = events.find(
      (event) => event.reason === 'Killing' && /^Stopping container /.test(event.message),
    );
    return asked ?? (stop && witness(eventSighting(stop)));
  }
  const ends = [asked, witness(overSince(pod))].filter((end) => end !== undefined);
  return ends.sort((a, b) => byNumber(a.when.at, b.when.at))[0];
}

/** Succeeded or Failed: its last container's end, else the change of its Ready condition. */
function overSince(pod: PodRecord): Sighting | undefined {
  if (pod.phase !== 'Succeeded' && pod.phase !== 'Failed') return undefined;
  const ends = pod.statuses.flatMap((status) => status.runs.flatMap((run) => run.finished ?? []));
  const changes = pod.conditions.filter((one) => one.type === 'Ready' && !one.isTrue).map((one) => one.at);
  const when = latestOf(ends) ?? latestOf(changes);
  const says = [pod.reason, pod.message].filter(Boolean).join(': ');
  return podSighting(pod, { field: `phase ${pod.phase} since`, when, rule: 'status.phase', says });
}

function latestOf(moments: readonly Moment[]): Moment | undefined {
  return moments.reduce<Moment | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
}

/** The latest moment that any event, condition or run tells of; of several at once the first. */
export function lastSign(evidence: PodEvidence): Witnessed | undefined {
  const { versions, sightings } = evidence;
  const ofPod = versions.reduce<Sighting | undefined>((last, pod) => lastOf(podSigns(pod), last), undefined);
  return witness(lastOf(sightings.map(asSighting), lastOf(eventSigns(evidence), ofPod)));
}

const lastOf = (signs: readonly Sighting[], before: Sighting | undefined): Sighting | undefined =>
  signs.reduce((last, sign) => (last !== undefined && last.when.at >= sign.when.at ? last : sign), before);

function eventSigns({ events }: PodEvidence): readonly Sighting[] {
  return events.flatMap((event) => event.occurrences.flatMap(({ at }) => eventSighting(event, at) ?? []));
}

function podSigns(pod: PodRecord): readonly Sighting[] {
  const runs = pod.statuses.flatMap((status) =>
    status.runs.flatMap((run) => [
      podSighting(pod, { field: `${status.container}.startedAt`, when: run.started, rule: 'status.started' }),
      podSighting(pod, {
        field: `${status.container}.finishedAt`,
        when: run.finished,
        rule: 'status.finished',
      }),
    ]),
  );
  const conditions = pod.conditions.map(({ type, isTrue, at }) =>
    podSighting(pod, {
      field: `condition ${type}=${isTrue ? 'True' : 'False'} since`,
      when: at,
      rule: `condition.${type}`,
    }),
  );
  const created = podSighting(pod, {
    field: 'metadata.creationTimestamp',
    when: pod.created,
    rule: 'created',
  });
  const deleted = podSighting(pod, { field: 'deletion asked for', when: pod.deleted, rule: 'deleted' });
  return [created, deleted, ...conditions, ...runs].filter((sign) => sign !== undefined);
}
