// How far a node's clock is from the API server's: what cause and effect prove, and no more.
//
// A message arrives after it was sent. What the kubelet did and the API server then
// wrote down bounds the difference from one side, what the scheduler did and the
// kubelet then saw from the other. Nothing is ever corrected by it.

import { duration, SECOND, toSeconds } from '../../base/instant.ts';
import type { Moment } from '../../model/mark.ts';
import type { StoryConflict, Witnessed } from '../../model/pod-story.ts';
import type { SightingRecord } from '../objects/sighting.ts';
import type { PodEvidence } from './evidence.ts';
import { seenOf } from './sights.ts';

/** Node time minus API time lies in between, in nanoseconds; a side that nothing proves is undefined. */
export interface ClockSkew {
  readonly atLeast: bigint | undefined;
  readonly atMost: bigint | undefined;
}

/** Clocks that are kept in time differ by less, and whole seconds are not finer. */
const WORTH_TELLING: bigint = SECOND;

/** One thing on the node's clock and one on the API server's, in the order of cause and effect. */
interface Pair {
  readonly node: Moment;
  readonly api: Moment;
}

export function clockSkewOf(evidence: PodEvidence, scheduled: Witnessed | undefined): ClockSkew {
  const lower = written(evidence).map(({ node, api }) => node.at - api.at - api.precision);
  const upper = received(evidence, scheduled).map(({ node, api }) => node.at + node.precision - api.at);
  return { atLeast: extreme(lower, (a, b) => a > b), atMost: extreme(upper, (a, b) => a < b) };
}

function extreme(all: readonly bigint[], isBetter: (a: bigint, b: bigint) => boolean): bigint | undefined {
  return all.reduce<bigint | undefined>(
    (best, one) => (best === undefined || isBetter(one, best) ? one : best),
    undefined,
  );
}

/** The kubelet did it, then the API server wrote it down. */
function written(evidence: PodEvidence): readonly Pair[] {
  const events = evidence.events.flatMap(({ reporter, first, recorded }) =>
    reporter === 'kubelet' && first !== undefined && recorded !== undefined
      ? [{ node: first, api: recorded }]
      : [],
  );
  return [...events, ...sightingPairs(evidence), ...statusPairs(evidence)];
}

/** The kubelet writes the starts and ends of containers into the status: by its own clock, and after they happened. */
const statusPairs = ({ versions }: PodEvidence): readonly Pair[] =>
  versions.flatMap(({ seen, statuses }) => {
    if (seen?.rule.startsWith('audit.') !== true) return [];
    const dated = statuses.flatMap(({ runs }) =>
      runs.flatMap(({ started, finished }) => [started, finished]),
    );
    return dated.flatMap((node) => (node === undefined ? [] : [{ node, api: seen.when }]));
  });

/** The start of a run as the runtime and as the audit log saw it. */
function sightingPairs(evidence: PodEvidence): readonly Pair[] {
  const starts = seenOf(evidence, 'container_started').filter(({ saw }) => saw.attempt !== undefined);
  const onNode = starts.filter(isNodes);
  const atApi = starts.filter(({ proof }) => proof.rule.startsWith('audit.'));
  return onNode.flatMap(({ saw, when }) => {
    const same = atApi.find((one) => one.saw.container === saw.container && one.saw.attempt === saw.attempt);
    return same === undefined ? [] : [{ node: when, api: same.when }];
  });
}

const isNodes = ({ proof }: SightingRecord): boolean => /^(?:containerd|crio|kubelet)\./.test(proof.rule);

/** The scheduler bound it, then the kubelet took it on and acted. */
function received(evidence: PodEvidence, scheduled: Witnessed | undefined): readonly Pair[] {
  const api = scheduled?.when;
  if (api === undefined || scheduled?.proofs[0]?.rule === 'kubernetes.status.start_time') return [];
  const accepted = seenOf(evidence, 'accepted')
    .filter(isNodes)
    .map(({ when }) => when);
  const acted = evidence.events.flatMap(({ reporter, first }) =>
    reporter === 'kubelet' && first !== undefined ? [first] : [],
  );
  return [...accepted, ...acted].map((node) => ({ node, api }));
}

/** Undefined when the clocks may well agree. */
export function skewConflict(
  { atLeast, atMost }: ClockSkew,
  node: string | undefined,
): StoryConflict | undefined {
  const who = `the clock of node ${node ?? '(unknown)'}`;
  if (atLeast !== undefined && atLeast > WORTH_TELLING) return skew(who, 'ahead of', [atLeast, atMost]);
  if (atMost !== undefined && atMost < -WORTH_TELLING)
    return skew(who, 'behind', [-atMost, atLeast === undefined ? undefined : -atLeast]);
  return undefined;
}

function skew(
  who: string,
  where: string,
  [least, most]: readonly [bigint, bigint | undefined],
): StoryConflict {
  const range = most === undefined || most < least ? '' : ` and at most ${text(most)}`;
  const says = `${who} is at least ${text(least)}${range} ${where} the API server's: lengths that span both are off by that; nothing was corrected`;
  return { what: 'clock_skew', says, run: undefined };
}

const text = (length: bigint): string => `${toSeconds(duration(length)).toFixed(1)} s`;
