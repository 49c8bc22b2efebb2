// Phases that are not there: legitimately, or because a marker was not found.

import { byText } from '../base/text.ts';
import { type PhaseName, phaseRank } from '../model/phase.ts';
import type { Missing, Phase } from '../model/startup.ts';

/** What an engine of some version always prints on the way to "ready". */
export interface Expected {
  readonly phase: PhaseName;
  readonly marker: string;
}

export interface MissingQuestion {
  readonly phases: readonly Phase[];
  /** Phases that the log itself excludes, and why. */
  readonly absent: ReadonlyMap<PhaseName, string>;
  readonly expected: readonly Expected[];
  readonly engine: string;
  /** False: the start did not get far enough for anything to be missed. */
  readonly gotThrough: boolean;
}

/** Only names phases whose witness, the log of an engine that got through, was given. */
export function missingOf({
  phases,
  absent,
  expected,
  engine,
  gotThrough,
}: MissingQuestion): readonly Missing[] {
  const present = new Set(phases.map(({ name }) => name));
  const excluded = [...absent].filter(([phase]) => !present.has(phase));
  const legitimate = excluded.map(([phase, why]) => ({ phase, why, legitimate: true }));
  const lost = gotThrough ? expected.filter(({ phase }) => !present.has(phase) && !absent.has(phase)) : [];
  const notFound = lost.map(({ phase, marker }) => ({
    phase,
    why: `marker not found for ${engine}: expected "${marker}"`,
    legitimate: false,
  }));
  return [...legitimate, ...notFound].sort(
    (a, b) => phaseRank(a.phase) - phaseRank(b.phase) || byText(a.why, b.why),
  );
}
