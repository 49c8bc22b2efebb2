// Every subset of the witnesses of our recorded pods: what is told is true, and what is left open is said.
//
// The recordings lie beside the checkout and are not part of it: without them these tests are skipped.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Startup } from '../../lib/model/startup.ts';
import { replayed } from '../hall/replayed.ts';
import { hasRecordings, RECORDINGS, SCENARIOS, type TrueBorder, trueBorders, truthOf } from './truth.ts';

const FILES = {
  pods: ['pods.json'],
  events: ['events.json'],
  watchedPods: ['watch-pods.jsonl.gz'],
  watchedEvents: ['watch-events.jsonl.gz'],
  logs: ['var-log-pods.all'],
  nodes: ['nodes.json'],
  audit: ['audit.log.gz'],
  journal: ['kubelet.log', 'containerd.log'],
} as const;

type Kind = keyof typeof FILES;

/** How many borders of each kind are told right; the rest is absent, never wrong. */
interface Subset {
  readonly kinds: readonly Kind[];
  readonly right: Readonly<Record<string, number>>;
}

const OBJECTS: readonly Kind[] = ['pods', 'watchedPods'];
const EVENTS: readonly Kind[] = ['events', 'watchedEvents'];

/** What the recordings hold: every border of every pod. */
const EVERYTHING = {
  pods: 32,
  scheduled: 31,
  created: 32,
  sandbox: 31,
  ready: 26,
  'init ended': 7,
  pulled: 12,
  pulling: 12,
  started: 38,
};

const SUBSETS: Readonly<Record<string, Subset>> = {
  'all witnesses': { kinds: [...OBJECTS, ...EVENTS, 'logs', 'nodes', 'audit', 'journal'], right: EVERYTHING },
  'without events': { kinds: [...OBJECTS, 'logs', 'nodes', 'audit', 'journal'], right: EVERYTHING },
  'without pods': { kinds: [...EVENTS, 'logs', 'nodes', 'audit', 'journal'], right: EVERYTHING },
  'without logs': { kinds: [...OBJECTS, ...EVENTS, 'nodes', 'audit', 'journal'], right: EVERYTHING },
  'audit log and node journals only': { kinds: ['audit', 'journal'], right: EVERYTHING },
  'node journals only': {
    kinds: ['journal'],
    right: {
      pods: 31,
      scheduled: 0,
      created: 0,
      sandbox: 31,
      ready: 22,
      'init ended': 6,
      pulled: 11,
      pulling: 11,
      started: 38,
    },
  },
  'audit log only': { kinds: ['audit'], right: EVERYTHING },
  'kubectl dumps and logs': {
    kinds: ['pods', 'events', 'logs'],
    right: {
      pods: 32,
      scheduled: 31,
      created: 30,
      sandbox: 26,
      ready: 23,
      'init ended': 6,
      pulled: 12,
      pulling: 12,
      started: 36,
    },
  },
  'pods only': {
    kinds: ['pods'],
    right: {
      pods: 30,
      scheduled: 29,
      created: 30,
      sandbox: 26,
      ready: 23,
      'init ended': 6,
      pulled: 0,
      pulling: 0,
      started: 32,
    },
  },
  'events only': {
    kinds: ['events'],
    right: {
      pods: 32,
      scheduled: 30,
      created: 0,
      sandbox: 0,
      ready: 0,
      'init ended': 0,
      pulled: 12,
      pulling: 12,
      started: 33,
    },
  },
};

interface Verdict {
  readonly name: string;
  /** `estimated`: told as derived, and off. */
  readonly kind: 'right' | 'absent' | 'estimated' | 'wrong';
  readonly says: string;
}

describe.skipIf(!hasRecordings)('recorded pods', () => {
  it.each(Object.entries(SUBSETS))(
    '%s',
    async (_, { kinds, right }) => {
      const verdicts: Verdict[] = [];
      for (const scenario of SCENARIOS) verdicts.push(...(await verdictsOn(scenario, kinds)));
      expect(verdicts.filter(({ kind }) => kind === 'wrong').map(({ says }) => says)).toEqual([]);
      expect(countsOf(verdicts)).toEqual(right);
    },
    240_000,
  );
});

function countsOf(verdicts: readonly Verdict[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, kind } of verdicts) counts[name] = (counts[name] ?? 0) + (kind === 'right' ? 1 : 0);
  return counts;
}

async function verdictsOn(scenario: string, kinds: readonly Kind[]): Promise<readonly Verdict[]> {
  const files = kinds.flatMap((kind) => FILES[kind]).map((file) => join(RECORDINGS, scenario, file));
  const { startups } = await replayed(files.filter(existsSync), { clock: { year: 2026 } });
  return truthOf(scenario).flatMap((pod) => {
    const mine = startups.filter((startup) => startup.pod.uid === pod.uid);
    const who = `${scenario}/${pod.pod}`;
    const found: Verdict = { name: 'pods', kind: mine.length > 0 ? 'right' : 'absent', says: who };
    const borders = trueBorders(pod);
    return [found, ...borders.map((border) => verdictOn(border, { borders, startups: mine, who }))];
  });
}

interface Told {
  readonly at: number;
  readonly precision: number;
  readonly isDerived: boolean;
}

interface Answered {
  readonly borders: readonly TrueBorder[];
  readonly startups: readonly Startup[];
  readonly who: string;
}

function verdictOn(border: TrueBorder, { borders, startups, who }: Answered): Verdict {
  const nearest = toldOf(border, startups).sort((a, b) => distance(a, border) - distance(b, border))[0];
  const what = `${who} ${border.phase} ${border.container ?? ''} ${border.side}`;
  if (nearest === undefined) return { name: border.name, kind: 'absent', says: `${what}: absent` };
  if (isRight(nearest, border)) return { name: border.name, kind: 'right', says: what };
  // What is told is the truth of another run of the same container: of this one nothing is told.
  const isOfAnother = borders.some(
    (other) => other !== border && isSame(other, border) && isRight(nearest, other),
  );
  const kind = isOfAnother ? 'absent' : nearest.isDerived ? 'estimated' : 'wrong';
  const off = ((nearest.at - border.at) / 1e6).toFixed(1);
  return { name: border.name, kind, says: `${what}: ${off} ms off` };
}

const distance = (told: Told, border: TrueBorder): number => Math.abs(told.at - border.at);

const isSame = (a: TrueBorder, b: TrueBorder): boolean =>
  a.phase === b.phase && a.side === b.side && a.container === b.container;

/** A whole second [t, t + 1) is right when the truth lies in it. */
function isRight({ at, precision }: Told, border: TrueBorder): boolean {
  const off = border.at - at;
  const isWitness = border.witnesses.some((one) => Math.abs(one - at) <= 1e6);
  return isWitness || (off >= -1e8 && off <= precision + 1e8);
}

function toldOf({ phase, side, container }: TrueBorder, startups: readonly Startup[]): Told[] {
  if (phase === 'endpoint_startup')
    return startups.filter(knowsCreation).map((one) => told(one[side], false));
  return startups
    .flatMap(({ phases }) => phases)
    .filter((one) => one.name === phase && one.certainty !== 'open')
    .filter((one) => container === undefined || one.container === container)
    .map((one) => told(one[side], one.certainty === 'derived'));
}

/** Without a witness of the creation a start begins with what is first known, which claims nothing. */
const knowsCreation = ({ attempt, evidence }: Startup): boolean =>
  attempt === 0 && evidence.some(({ at, rule }) => at === 'start' && /creat/.test(rule));

const told = ({ at, precision }: Startup['start'], isDerived: boolean): Told => ({
  at: Number(at),
  precision: Number(precision),
  isDerived,
});
