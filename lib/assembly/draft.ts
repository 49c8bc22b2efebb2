// A phase while it is being worked out: names, edges, and what was printed.

import type { Duration } from '../base/instant.ts';
import { duration, instant } from '../base/instant.ts';
import type { FactValue } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Ranks } from '../model/startup.ts';
import type { Edge } from './edge.ts';

export interface Draft {
  readonly name: PhaseName;
  readonly container: string | null;
  readonly restart: number;
  readonly process: number;
  readonly start: Edge;
  /** undefined: it never ended. */
  readonly end: Edge | undefined;
  readonly reported: number | undefined;
  readonly ranks: Ranks | undefined;
  readonly attributes: Readonly<Record<string, FactValue>>;
  readonly clamped: string | undefined;
  /** It ended clearly before it began. */
  readonly reversed?: true;
}

/** Whose phases these are: the parts of a span id that all phases of one process share. */
export interface Owner {
  readonly container: string | null;
  readonly restart: number;
  readonly process: number;
}

export interface DraftParts {
  readonly name: PhaseName;
  readonly start: Edge;
  readonly end: Edge | undefined;
  readonly reported?: number | undefined;
  readonly ranks?: Ranks | undefined;
  readonly attributes?: Readonly<Record<string, FactValue>>;
}

export const draft = (owner: Owner, parts: DraftParts): Draft => ({
  ...owner,
  reported: undefined,
  ranks: undefined,
  attributes: {},
  clamped: undefined,
  ...parts,
});

/** What two ends may disagree by before it means something: each is only known to its precision. */
export const tolerance = (a: Edge, b: Edge): Duration => duration(a.when.precision + b.when.precision);

/** The same draft with its start moved, and the move told. */
export function startAt(one: Draft, to: Edge, why: string): Draft {
  const moved = Number(to.when.at - one.start.when.at) / 1e9;
  const start: Edge = {
    ...one.start,
    when: { at: instant(to.when.at), precision: one.start.when.precision },
  };
  return { ...one, start, clamped: said(one, `start moved by ${moved.toFixed(3)} s ${why}`) };
}

/** The same draft with its end moved, and the move told. */
export function endAt(one: Draft, to: Edge, why: string): Draft {
  if (one.end === undefined) return one;
  const moved = Number(to.when.at - one.end.when.at) / 1e9;
  const end: Edge = { ...one.end, when: { at: instant(to.when.at), precision: one.end.when.precision } };
  return { ...one, end, clamped: said(one, `end moved by ${moved.toFixed(3)} s ${why}`) };
}

const said = ({ clamped }: Draft, what: string): string =>
  clamped === undefined ? what : `${clamped}; ${what}`;
