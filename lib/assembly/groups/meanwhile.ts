// What one pod did while the others waited for it.

import { duration, type Instant } from '../../base/instant.ts';
import type { Meanwhile } from '../../model/group.ts';
import { holderOf } from '../../model/span-key.ts';
import type { Phase, Startup } from '../../model/startup.ts';

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

interface Piece extends Window {
  readonly what: Meanwhile['what'] | undefined;
}

/**
 * What took most of the window. Undefined when that is a time of which nothing
 * is known: before the first line of a log, unless `isCreationKnown`.
 */
export function meanwhileOf(
  startup: Startup,
  window: Window,
  isCreationKnown: boolean,
): Meanwhile | undefined {
  const longest = piecesOf(startup, window, isCreationKnown)
    .map((piece) => ({ what: piece.what, lasting: overlap(piece, window) }))
    .reduce<{ what: Piece['what']; lasting: bigint } | undefined>(
      (best, one) => (best === undefined || one.lasting > best.lasting ? one : best),
      undefined,
    );
  if (longest?.what === undefined || longest.lasting <= 0n) return undefined;
  return { what: longest.what, lasting: duration(longest.lasting) };
}

/** The innermost phases, the gaps, and what lies before and behind the startup. */
function piecesOf(startup: Startup, window: Window, isCreationKnown: boolean): readonly Piece[] {
  const { phases, gaps, start, end } = startup;
  const leaves = phases
    .filter((phase) => phase.name !== 'readiness_lag' && isLeaf(phase, phases))
    .map(({ name, start: from, end: to }) => ({ what: name, from: from.at, to: to.at }));
  const before = isCreationKnown && startup.attempt === 0 ? 'not_created' : undefined;
  return [
    { what: before, from: window.from, to: start.at },
    ...leaves,
    ...gaps.map((gap) => ({ what: 'gap' as const, from: gap.start, to: gap.end })),
    { what: undefined, from: end.at, to: window.to },
  ];
}

const isLeaf = (phase: Phase, phases: readonly Phase[]): boolean =>
  phases.every((other) => other === phase || holderOf(phases, { ...other, start: other.start.at }) !== phase);

function overlap(a: Window, b: Window): bigint {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return to > from ? to - from : 0n;
}
