// What a run comes to, as a number that scripts can act on.

import type { Answer } from './pipeline-types.ts';
import { hasDrifted } from './reports/lint.ts';
import { isLoss } from './reports/tally.ts';

export const DONE = 0;
export const NOTHING_FOUND = 1;
export const TROUBLE = 2;
export const GATE_FAILED = 3;

export interface Came {
  readonly answer: Answer;
  readonly lint: boolean;
  readonly strict: boolean;
  /** Everything that was to be written or sent was. */
  readonly told: boolean;
}

/** Trouble weighs most, then a gate, then nothing found. */
export function exitCodeOf({ answer, lint, strict, told }: Came): number {
  if (!told || answer.problems.some(({ asked }) => asked)) return TROUBLE;
  if (strict && isFlawed(answer)) return GATE_FAILED;
  if (lint && hasDrifted(answer.lint)) return GATE_FAILED;
  return (lint ? answer.lint : answer.startups).length === 0 ? NOTHING_FOUND : DONE;
}

/** Anything rejected, dropped or in conflict. */
const isFlawed = ({ startups, tally, problems }: Answer): boolean =>
  problems.length > 0 ||
  startups.some(({ conflicts }) => conflicts.length > 0) ||
  [...tally].some(([name, count]) => count > 0 && isLoss(name));
