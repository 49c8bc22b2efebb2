// Draws the progress bar on a terminal: not before work has lasted, not more often than eyes follow.

import { between, type Instant, MILLISECOND } from './base/instant.ts';
import type { Progress } from './pipeline-types.ts';
import { progressLine } from './reports/progress.ts';

export interface Drawing {
  readonly now: () => Instant;
  readonly write: (text: string) => void;
  readonly width: number;
  readonly ascii: boolean;
}

export interface ProgressBar {
  readonly update: (progress: Progress) => void;
  /** Leaves the line empty, as if nothing had been there. */
  readonly clear: () => void;
}

const QUIET = 500n * MILLISECOND;
const PACE = 100n * MILLISECOND;
const ERASE = '\r\u001b[K';

/** Begins to count at once and to draw after half a second. */
export function progressBar({ now, write, width, ascii }: Drawing): ProgressBar {
  const begun = now();
  let drawn: Instant | undefined;
  return {
    update: (progress) => {
      const at = now();
      if (at - begun < QUIET || (drawn !== undefined && at - drawn < PACE)) return;
      drawn = at;
      write(`${ERASE}${progressLine({ ...progress, elapsed: between(begun, at), width, ascii })}`);
    },
    clear: () => {
      if (drawn !== undefined) write(ERASE);
    },
  };
}

export const NO_BAR: ProgressBar = { update: () => {}, clear: () => {} };
