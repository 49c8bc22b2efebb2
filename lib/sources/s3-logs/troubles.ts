// What was wrong with objects, gathered by kind: a thousand archived ones are one problem.

import type { Refusal } from '../aws/refusal.ts';
import type { SourceProblem } from '../contract.ts';
import type { Meter } from './meter.ts';
import { type Asked, isHopeless, type ObjectTrouble, objectProblem, type Troubled } from './problem.ts';

export interface Troubles {
  readonly note: (trouble: ObjectTrouble, key: string, refusal: Refusal) => void;
  /** An object was given to its end. */
  readonly given: () => void;
  /** True: the objects that are left need not be asked for. */
  readonly isHopeless: () => boolean;
  readonly told: (asked: Asked) => readonly SourceProblem[];
}

/** So many refusals without a single object that was given: then it is the permission for all of them. */
const MOST_REFUSED = 20;

export function troubles(meter: Meter): Troubles {
  const found = new Map<ObjectTrouble, Troubled>();
  let hopeless = false;
  let isAnyGiven = false;
  return {
    note: (trouble, key, refusal) => {
      const known = found.get(trouble);
      const count = (known?.count ?? 0) + 1;
      found.set(trouble, { ...(known ?? { trouble, key, refusal }), count });
      // The problem counts itself once.
      if (known !== undefined) meter.count(`s3_objects.${trouble}`);
      hopeless ||= isHopeless(refusal) || (trouble === 'refused' && count >= MOST_REFUSED && !isAnyGiven);
    },
    given: () => {
      isAnyGiven = true;
      meter.count('s3_objects.read');
    },
    isHopeless: () => hopeless,
    told: (asked) => [...found.values()].map((one) => objectProblem(one, asked)),
  };
}
