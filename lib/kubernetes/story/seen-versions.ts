// What a watch saw: when a version of the pod came in that says something new.
//
// A status names its changes to the second; the version that first tells of one
// arrives milliseconds later. Its arrival is the better witness while it lies in
// the second that the status names: later, the watch was slow or had just begun.

import { formatInstant } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { StatusRun } from '../objects/container-status.ts';
import type { PodRecord, Seen } from '../objects/pod-record.ts';
import type { Saw, SightingRecord } from '../objects/sighting.ts';
import { byNumber, podSource } from './proofs.ts';

/** Of versions that an audit record told, the audit log's own sightings speak. */
export function watchSightings(versions: readonly PodRecord[]): readonly SightingRecord[] {
  const known = new Set<string>();
  return arrivals(versions).flatMap(({ pod, seen }) =>
    changesIn(pod).flatMap((change) => {
      const key = `${JSON.stringify(change.saw)} ${change.at.at}`;
      const isNew = !known.has(key);
      known.add(key);
      return isNew && isWithin(seen.when, change.at) ? [sightingOf(pod, seen, change)] : [];
    }),
  );
}

interface Arrival {
  readonly pod: PodRecord;
  readonly seen: Seen;
}

const arrivals = (versions: readonly PodRecord[]): readonly Arrival[] =>
  versions
    .flatMap((pod) =>
      pod.seen === undefined || !pod.seen.rule.startsWith('watch') ? [] : [{ pod, seen: pod.seen }],
    )
    .sort((a, b) => byNumber(a.seen.when.at, b.seen.when.at) || byNumber(a.pod.version, b.pod.version));

const isWithin = (seen: Moment, said: Moment): boolean =>
  seen.at >= said.at && seen.at < said.at + said.precision;

interface Change {
  readonly saw: Saw;
  /** When it was, as the object says. */
  readonly at: Moment;
}

function changesIn(pod: PodRecord): readonly Change[] {
  const created = pod.created === undefined ? [] : [{ saw: { what: 'created' } as const, at: pod.created }];
  return [...created, ...nodeChange(pod), ...conditionChanges(pod), ...runChanges(pod)];
}

/** The version that first has a node: the binding writes it together with the condition; a preset one is there from the beginning. */
function nodeChange({ node, created, conditions }: PodRecord): readonly Change[] {
  const condition = conditions.find(({ type, isTrue }) => type === 'PodScheduled' && isTrue);
  const at = condition?.at ?? created;
  return node === undefined || at === undefined ? [] : [{ saw: { what: 'scheduled' }, at }];
}

const CONDITIONS: Readonly<Record<string, Saw>> = {
  PodReadyToStartContainers: { what: 'sandbox_ready' },
  PodHasNetwork: { what: 'sandbox_ready' },
  Ready: { what: 'ready' },
};

const conditionChanges = ({ conditions }: PodRecord): readonly Change[] =>
  conditions.flatMap(({ type, isTrue, at }) => {
    const saw = isTrue ? CONDITIONS[type] : undefined;
    return saw === undefined ? [] : [{ saw, at }];
  });

const runChanges = ({ statuses }: PodRecord): readonly Change[] =>
  statuses.flatMap(({ container, runs }) =>
    runs.flatMap((run) => [...startOf(container, run), ...exitOf(container, run)]),
  );

const startOf = (container: string, { restart, started }: StatusRun): readonly Change[] =>
  started === undefined
    ? []
    : [{ saw: { what: 'container_started', container, attempt: restart }, at: started }];

function exitOf(container: string, { restart, finished, exitCode, reason }: StatusRun): readonly Change[] {
  if (finished === undefined) return [];
  const how = {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
  };
  return [{ saw: { what: 'container_exited', container, attempt: restart, ...how }, at: finished }];
}

/** The line of the recording is left out: a copy of it is no other evidence. */
function sightingOf(pod: PodRecord, { when, rule }: Seen, { saw }: Change): SightingRecord {
  const text = `${saw.what.replaceAll('_', ' ')}${'container' in saw ? ` ${saw.container}` : ''}: came in at ${formatInstant(when.at)}`;
  return {
    kind: 'sighting',
    pod: { uid: pod.uid, namespace: pod.namespace, name: pod.name },
    saw,
    when,
    proof: { source: podSource(pod), text, rule: `${rule}.${saw.what}` },
    node: undefined,
  };
}
