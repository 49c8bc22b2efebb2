// Witnesses of one border that cannot both be right.

import { duration, formatInstant, seconds, toSeconds } from '../../base/instant.ts';
import type { ContainerRun, Seen, StoryConflict, Witnessed, WitnessedPhase } from '../../model/pod-story.ts';

export interface Borders {
  readonly created: Witnessed | undefined;
  readonly readies: readonly Witnessed[];
  readonly runs: readonly ContainerRun[];
  readonly phases: readonly WitnessedPhase[];
}

/** From the fact to its last record: 2.9 s at worst under load (recordings/kubernetes). */
const LATE = seconds(5);

/** One for each border at most: the two witnesses that are furthest apart. */
export function disagreements({ created, readies, runs, phases }: Borders): readonly StoryConflict[] {
  const named = [
    border('the pod was created', undefined, created),
    ...readies.map((ready) => border('the pod was Ready', undefined, ready)),
    ...runs.flatMap(({ container, restart, started, finished }) => [
      border(`${container} started`, { container, restart }, started),
      border(`${container} ended`, { container, restart }, finished),
    ]),
    ...phases
      .filter(({ name }) => name === 'pod_pending' || name === 'pod_sandbox')
      .flatMap(({ name, end }) => [border(`${name} ended`, undefined, end)]),
  ];
  return named.flatMap((one) => disagreement(one) ?? []);
}

interface Named {
  readonly what: string;
  readonly run: StoryConflict['run'];
  readonly seen: readonly Seen[];
}

const border = (what: string, run: StoryConflict['run'], at: Witnessed | undefined): Named => ({
  what,
  run,
  seen: at?.seen ?? [],
});

function disagreement({ what, run, seen: [taken, ...others] }: Named): StoryConflict | undefined {
  if (taken === undefined) return undefined;
  const worst = others
    .map((other) => ({ other, off: apart(taken, other) }))
    .filter(({ other, off }) => off > LATE + taken.when.precision + other.when.precision)
    .sort((a, b) => (a.off > b.off ? -1 : 1))[0];
  if (worst === undefined) return undefined;
  const off = toSeconds(duration(worst.off)).toFixed(1);
  return {
    what: 'witnesses',
    says: `${what} ${said(taken)} or ${said(worst.other)}, ${off} s apart: the first is told`,
    run,
  };
}

function apart(a: Seen, b: Seen): bigint {
  const off = a.when.at - b.when.at;
  return off < 0n ? -off : off;
}

const said = ({ when, proof }: Seen): string => `${formatInstant(when.at)} (${proof.rule}, ${proof.source})`;
