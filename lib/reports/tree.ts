// The rows of a startup in tree order: every phase and gap under the span that holds it.

import { byText } from '../base/text.ts';
import { spanIdOf } from '../model/ids.ts';
import { phaseRank } from '../model/phase.ts';
import { type Hanging, parentSpanId, phaseKey, rootKey } from '../model/span-key.ts';
import type { Gap, Phase, Startup } from '../model/startup.ts';

interface Place {
  /** 0 for what the root holds directly. */
  readonly depth: number;
  readonly start: bigint;
  readonly end: bigint;
}

export interface PhaseRow extends Place {
  readonly kind: 'phase';
  readonly phase: Phase;
  /** True when other phases are inside. */
  readonly holds: boolean;
}

export interface GapRow extends Place {
  readonly kind: 'gap';
  readonly gap: Gap;
}

export type Row = PhaseRow | GapRow;

/** Parents before children, siblings by time: the order in which a person reads a waterfall. */
export function rowsOf(startup: Startup): readonly Row[] {
  const children = childrenByHolder(startup);
  const below = (holder: string, depth: number): readonly Row[] =>
    (children.get(holder) ?? []).toSorted(inOrder).flatMap((child) => {
      if (!('name' in child)) return [gapRow(child, depth)];
      const id = spanIdOf(phaseKey(startup, child));
      const inside = id === holder ? [] : below(id, depth + 1);
      return [phaseRow(child, depth, inside.some(isPhaseRow)), ...inside];
    });
  return below(spanIdOf(rootKey(startup)), 0);
}

export const isPhaseRow = (row: Row): row is PhaseRow => row.kind === 'phase';

function childrenByHolder(startup: Startup): ReadonlyMap<string, readonly (Phase | Gap)[]> {
  const children = new Map<string, (Phase | Gap)[]>();
  for (const child of [...startup.phases, ...startup.gaps]) {
    const holder = parentSpanId(startup, hangingOf(child));
    const known = children.get(holder);
    if (known === undefined) children.set(holder, [child]);
    else known.push(child);
  }
  return children;
}

const hangingOf = (child: Phase | Gap): Hanging =>
  'name' in child ? { ...child, start: child.start.at } : { parent: child.parent, start: child.start };

const startOf = (child: Phase | Gap): bigint => ('name' in child ? child.start.at : child.start);

const rankOf = (child: Phase | Gap): number => phaseRank('name' in child ? child.name : child.afterPhase);

function inOrder(a: Phase | Gap, b: Phase | Gap): number {
  const apart = startOf(a) - startOf(b);
  if (apart !== 0n) return apart < 0n ? -1 : 1;
  return rankOf(a) - rankOf(b) || byText(a.container ?? '', b.container ?? '') || a.occurrence - b.occurrence;
}

const gapRow = (gap: Gap, depth: number): GapRow => ({
  kind: 'gap',
  gap,
  depth,
  start: gap.start,
  end: gap.end,
});

const phaseRow = (phase: Phase, depth: number, holds: boolean): PhaseRow => ({
  kind: 'phase',
  phase,
  holds,
  depth,
  start: phase.start.at,
  end: phase.end.at,
});
