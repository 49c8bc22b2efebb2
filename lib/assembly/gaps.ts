// Gaps: what no phase explains, at every level.

import { type Instant, latest } from '../base/instant.ts';
import type { Proof } from '../model/mark.ts';
import { type PhaseName, phaseRank, ROOT } from '../model/phase.ts';
import { holderOf } from '../model/span-key.ts';
import type { Gap, Phase } from '../model/startup.ts';

interface Holder {
  readonly name: PhaseName;
  readonly container: string | null;
  readonly restart: number;
  readonly process: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly evidence: readonly (Proof & { readonly at: 'start' | 'end' })[];
}

/** The intervals of every parent that its children leave over, longer than the precision of their borders. */
export function gapsOf(root: Holder, phases: readonly Phase[]): readonly Gap[] {
  const inside = childrenByHolder(phases);
  const over = root.evidence.find(({ at }) => at === 'end');
  const inRoot = gapsIn(root, touching(root, inside.get(undefined) ?? []), over);
  const inPhases = phases.flatMap((phase) => {
    const holder = { ...phase, start: phase.start.at, end: phase.end.at };
    return gapsIn(holder, touching(holder, inside.get(phase) ?? []), over);
  });
  return numberGaps([...inRoot, ...inPhases].filter(({ start, end }) => end > start));
}

/** Under `undefined`: what the root holds directly. */
function childrenByHolder(phases: readonly Phase[]): ReadonlyMap<Phase | undefined, readonly Phase[]> {
  const inside = new Map<Phase | undefined, Phase[]>();
  for (const phase of phases) {
    const holder = holderOf(phases, { ...phase, start: phase.start.at });
    const known = inside.get(holder);
    if (known === undefined) inside.set(holder, [phase]);
    else known.push(phase);
  }
  return inside;
}

/** Children that the evidence places inside their holder; `routable` is told after the root has ended. */
function touching({ start, end }: Holder, children: readonly Phase[]): readonly Phase[] {
  return children
    .filter((child) => child.name !== 'routable' && child.end.at >= start && child.start.at <= end)
    .sort(byStart);
}

const byStart = (a: Phase, b: Phase): number =>
  a.start.at < b.start.at ? -1 : a.start.at > b.start.at ? 1 : phaseRank(a.name) - phaseRank(b.name);

interface Cursor {
  at: Instant;
  precision: bigint;
  after: PhaseName;
  proof: Proof | undefined;
}

/** `over`: what ended the startup, and with it every phase that is still open. */
function gapsIn(holder: Holder, children: readonly Phase[], over: Proof | undefined): readonly Gap[] {
  if (children.length === 0) return [];
  const opening = holder.evidence.find(({ at }) => at === 'start');
  const cursor: Cursor = { at: holder.start, precision: 0n, after: holder.name, proof: opening };
  const gaps: Gap[] = [];
  for (const child of children) {
    if (child.start.at - cursor.at > cursor.precision + child.start.precision)
      gaps.push(gapBefore(holder, cursor, child));
    moveOver(cursor, child);
  }
  if (holder.end - cursor.at > cursor.precision) gaps.push(gapAtEnd(holder, cursor, over));
  return gaps;
}

function moveOver(cursor: Cursor, child: Phase): void {
  if (child.end.at < cursor.at) return;
  cursor.at = latest(cursor.at, child.end.at);
  cursor.precision = child.end.precision;
  cursor.after = child.name;
  // The first of its end is the witness that was taken.
  cursor.proof = child.evidence.find(({ at }) => at === 'end') ?? child.evidence[0];
}

function gapBefore(holder: Holder, cursor: Cursor, child: Phase): Gap {
  const next = child.evidence.find(({ at }) => at === 'start');
  return gap(holder, cursor, { end: child.start.at, next });
}

function gapAtEnd(holder: Holder, cursor: Cursor, over: Proof | undefined): Gap {
  return gap(holder, cursor, {
    end: holder.end,
    next: holder.evidence.find(({ at }) => at === 'end') ?? over,
  });
}

function gap(holder: Holder, cursor: Cursor, to: { end: Instant; next: Proof | undefined }): Gap {
  const { container, restart, process, name } = holder;
  const isPod = name === ROOT;
  return {
    parent: name,
    afterPhase: cursor.after,
    occurrence: 0,
    container: isPod ? null : container,
    restart,
    process,
    start: cursor.at,
    end: to.end,
    ...(cursor.proof === undefined ? {} : { before: cursor.proof }),
    ...(to.next === undefined ? {} : { next: to.next }),
  };
}

function numberGaps(gaps: readonly Gap[]): readonly Gap[] {
  const counts = new Map<string, number>();
  return [...gaps]
    .sort((a, b) =>
      a.start < b.start ? -1 : a.start > b.start ? 1 : phaseRank(a.parent) - phaseRank(b.parent),
    )
    .map((one) => {
      const key = [one.parent, one.afterPhase, one.container ?? '', one.restart, one.process].join('\0');
      const occurrence = counts.get(key) ?? 0;
      counts.set(key, occurrence + 1);
      return { ...one, occurrence };
    });
}

/** Share of [start, end] that lies in no gap; 1 for a startup without length. */
export function coverageOf(start: Instant, end: Instant, gaps: readonly Gap[]): number {
  if (end <= start) return 1;
  let covered = start;
  let dark = 0n;
  for (const one of [...gaps].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const from = latest(covered, one.start);
    const to = one.end < end ? one.end : end;
    if (to > from) dark += to - from;
    if (to > covered) covered = to;
  }
  return 1 - Number(dark) / Number(end - start);
}
