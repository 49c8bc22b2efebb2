// How far around the window of a question logs that lie elsewhere are read.

import { after, before, earliest, type Instant, seconds } from './base/instant.ts';

/**
 * A start that ended in the window may have begun before it, and one that began in it may end after it: an hour
 * more on each side. A start that takes longer is told in part.
 */
export const AROUND = seconds(3600);

interface Asked {
  readonly since: Instant;
  readonly until: Instant;
}

/** No farther than now: there is nothing. Writers may be two hours ahead, but no start is. */
export const windowRead = ({ since, until }: Asked, now: Instant) => ({
  from: before(since, AROUND),
  to: earliest(after(until, AROUND), after(now, seconds(1))),
});
