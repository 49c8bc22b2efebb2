// A group of pods in words: one line below a heading, one row above its pods in the overview.

import type { Group, Slowest } from '../model/group.ts';
import { cell } from './columns.ts';
import { lengthText, plural } from './words.ts';

const KINDS: Readonly<Record<Group['kind'], string>> = {
  leaderworkerset: 'LeaderWorkerSet',
  raycluster: 'RayCluster',
  ray: 'Ray cluster of',
  vllm: 'vLLM nodes of',
};

/** `LeaderWorkerSet engine/0`. */
export const groupName = ({ kind, name, index }: Group): string =>
  cell(`${KINDS[kind]} ${name}${index === undefined ? '' : `/${index}`}`);

/** `group LeaderWorkerSet engine/0 · leader of 4 pods · slowest engine-0-2: joined 41.0s after the first, 38.2s of it in image_pull`. */
export const groupLine = (group: Group): readonly string[] => [
  `group ${groupName(group)}`,
  roleText(group),
  ...(group.slowest === undefined ? [] : [slowestText(group.slowest)]),
];

function roleText({ role, rank, size, members, leader }: Group): string {
  if (role === 'leader') return `leader of ${podsText(size, members.length)}`;
  const who = rank === undefined ? 'worker' : `worker ${rank}`;
  return leader === undefined ? `${who}, its leader is not in the evidence` : `${who} of ${cell(leader.pod)}`;
}

/** Nobody is invented: how many should be there, and how many the evidence has. */
function podsText(size: number | undefined, seen: number): string {
  if (size === undefined) return `${plural(seen, 'pod')} seen`;
  return size === seen ? plural(size, 'pod') : `${plural(size, 'pod')}, ${seen} of them in the evidence`;
}

const ARRIVED: Readonly<Record<Slowest['by'], string>> = {
  joined: 'joined',
  engine_ready: 'had its engine',
  container_started: 'had its container started',
};

const AFTER: Readonly<Record<Slowest['after'], string>> = {
  first: 'after the first',
  leader: 'after the leader began to wait',
};

function slowestText({ pod, by, at, after, lasting, meanwhile }: Slowest): string {
  const length = lengthText(lasting);
  const arrived =
    at === undefined
      ? `never joined in the ${length} ${AFTER[after]}`
      : `${ARRIVED[by]} ${length} ${AFTER[after]}`;
  const why =
    meanwhile === undefined
      ? ''
      : `, ${lengthText(meanwhile.lasting)} of it ${meanwhileText(meanwhile.what)}`;
  return `slowest ${cell(pod)}: ${arrived}${why}`;
}

function meanwhileText(what: NonNullable<Slowest['meanwhile']>['what']): string {
  if (what === 'not_created') return 'before it was created';
  return what === 'gap' ? 'in a gap' : `in ${what}`;
}
