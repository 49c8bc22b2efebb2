// Is a time within what a destination takes, and if not, by how much?

import { between, type Duration, duration, type Instant } from '../../base/instant.ts';
import type { Window } from '../destinations/contract.ts';

export type Judgement =
  | { readonly fits: true }
  | {
      readonly fits: false;
      readonly side: 'past' | 'future';
      readonly limit: Duration;
      /** Beyond the limit. */
      readonly by: Duration;
    };

/** From the earliest to the latest time of what is judged. A limit is still within. */
export function judge({ past, future }: Window, times: readonly [Instant, Instant], now: Instant): Judgement {
  const [age, ahead] = [between(times[0], now), between(now, times[1])];
  if (past !== undefined && age > past) return beyond('past', past, age);
  if (future !== undefined && ahead > future) return beyond('future', future, ahead);
  return { fits: true };
}

const beyond = (side: 'past' | 'future', limit: Duration, distance: Duration): Judgement => ({
  fits: false,
  side,
  limit,
  by: duration(distance - limit),
});
