// Pods of groups in few words: a leader and workers of Ray, with what Kubernetes says of them.

import type { PodEvidence } from '../../../lib/assembly/evidence.ts';
import { SECOND } from '../../../lib/base/instant.ts';
import type { GroupClaim } from '../../../lib/model/group.ts';
import { podUid } from '../../../lib/model/ids.ts';
import type { LogRun } from '../../../lib/model/log-run.ts';
import type { Mark, Saying } from '../../../lib/model/mark.ts';
import type { PodStory, Witnessed, WitnessedPhase } from '../../../lib/model/pod-story.ts';
import { moment } from '../../moments.ts';
import { AFTER_ENGINE, BANNER, began, during, ended, lasted, logRun, mark, READY } from '../marks.ts';

const seen = (offset: number): Witnessed => ({
  when: moment(offset, SECOND),
  proofs: [{ source: 'pod/x', text: `at ${offset}`, rule: 'test' }],
});

const ray = (name: string, value: string | number): Saying => ({
  kind: 'fact',
  name,
  value,
  phase: 'ray_cluster_init',
});

export interface PodOf {
  readonly uid?: string;
  readonly created?: number;
  readonly ended?: number;
  readonly started?: number;
  readonly pull?: readonly [from: number, to: number];
  readonly claim?: GroupClaim;
  readonly marks?: readonly Mark[];
  readonly story?: Partial<PodStory>;
}

const pullOf = ([from, to]: readonly [number, number]): WitnessedPhase => ({
  name: 'image_pull',
  container: 'main',
  start: seen(from),
  end: seen(to),
  restart: 0,
  reported: undefined,
  attributes: {},
});

/** Known to Kubernetes from its creation; `started`: when its container ran. */
export function pod(
  name: string,
  { uid = name, created = 0, ended: over, started, pull, claim, marks = [], story = {} }: PodOf,
): PodEvidence {
  const identity = { uid: podUid(uid), namespace: 'ns', pod: name };
  const run = {
    container: 'main',
    kind: 'main',
    restart: 0,
    finished: undefined,
    exitCode: undefined,
    reason: undefined,
  } as const;
  const told: PodStory = {
    identity,
    created: seen(created),
    ready: undefined,
    ended: over === undefined ? undefined : seen(over),
    last: seen(started ?? pull?.[1] ?? created),
    phase: 'Running',
    labels: {},
    attributes: {},
    containers: [{ name: 'main', kind: 'main', image: 'x:1', hasReadinessProbe: false, command: '' }],
    defaultContainer: 'main',
    runs: started === undefined ? [] : [{ ...run, started: seen(started) }],
    phases: pull === undefined ? [] : [pullOf(pull)],
    failures: [],
    owner: 'StatefulSet',
    ...(claim === undefined ? {} : { group: claim }),
    has: { pod: true, events: true },
    ...story,
  };
  return { ...bare(name, marks, uid), namespace: 'ns', story: told };
}

/** A log that only knows its name; no mark: no log. */
export function bare(name: string, marks: readonly Mark[], uid = name): PodEvidence {
  const named = marks.map((one) => ({ ...one, proof: { ...one.proof, source: `${name}/main/0` } }));
  const identity = { uid: podUid(uid), pod: name, container: 'main', restart: 0 };
  const logs: readonly LogRun[] =
    marks.length === 0 ? [] : [logRun(named, { identity, source: `${name}/main/0` })];
  return { uid: podUid(uid), uidSynthetic: false, name, namespace: undefined, story: undefined, logs };
}

/** `ray start` at, joined at. */
export const joins = (
  from: number,
  to: number,
  ...facts: readonly (readonly [string, string | number])[]
): readonly Mark[] => [
  mark(from, began('ray_cluster_init')),
  ...facts.map(([name, value]) => mark(from, ray(name, value))),
  mark(to, ended('ray_cluster_init')),
  mark(to, ray('ray.runtime', 'started')),
];

/** A head that waits from … to; without `to` it never says that the others are there. */
export const waits = (
  from: number,
  to?: number,
  ...facts: readonly (readonly [string, string | number])[]
): readonly Mark[] => [
  mark(from, began('ray_cluster_init')),
  ...facts.map(([name, value]) => mark(from, ray(name, value))),
  mark(from + 0.1, ended('ray_cluster_init')),
  mark(from + 0.1, ray('ray.runtime', 'started')),
  mark(from + 0.1, during('ray_cluster_init')),
  mark(from + 0.1, ray('ray_role', 'head')),
  ...(to === undefined ? [] : [mark(to, ended('ray_cluster_init'))]),
];

export const serves = (from: number): readonly Mark[] => [
  mark(from, BANNER),
  mark(from + 1, ended('model_config')),
  mark(from + 3, lasted('engine_init', 1)),
  mark(from + 4, AFTER_ENGINE),
  mark(from + 5, READY),
];

export const lws = (rank: number, size = 3, name = 'engine'): GroupClaim => ({
  kind: 'leaderworkerset',
  key: `${name}/0`,
  name,
  index: 0,
  role: rank === 0 ? 'leader' : 'worker',
  rank,
  size,
  because: `label worker-index=${rank}`,
});
